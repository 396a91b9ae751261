"""roles/kubernetes/files/api-server: another API server, and the former one if it fails."""

from __future__ import annotations

import base64
import os

import pytest

from support.role_script import install_script, run_script

# kubectl plays the kubelet too: it starts the API server of the manifest. One with the word "bad" never gets ready.
PROGRAMS = {
    "kubectl": """
manifest=HERE/manifests/kube-apiserver.yaml
cmp -s "$manifest" HERE/running || { cp "$manifest" HERE/running; date +%s.5 >HERE/started; }
if grep -q bad HERE/running; then
  logs=HERE/pods/kube-system_kube-apiserver-cp1_2/kube-apiserver
  mkdir -p "$logs"
  for number in 0 1 2 3; do echo "2026-01-01T00:00:00Z stderr F no such file $number" >"$logs/$number.log"; done
  touch -d '+1 minute' "$logs/3.log"
  echo "connection refused" >&2
  exit 1
fi
case $* in *metrics) echo "process_start_time_seconds $(cat HERE/started)" ;; esac
""",
    "kubeadm": """
grep -q unknown HERE/config && { echo "unknown field" >&2; exit 1; }
cp HERE/config "$KUBEADM_INIT_DRYRUN_DIR/kube-apiserver.yaml"
""",
    "hostname": "echo cp1",
}
PLACES = {"/etc/kubernetes": "", "/var/lib/slipway/kubernetes": "", "/var/log/pods": "pods"}


@pytest.fixture
def host(tmp_path):
    """A directory in the place of the host's own, with an API server that was started a minute ago."""
    (tmp_path / "manifests").mkdir()
    install_script(tmp_path, "api-server", PROGRAMS, PLACES)
    write(tmp_path, "old")
    os.utime(tmp_path / "manifests/kube-apiserver.yaml", (1.6e9, 1.6e9))
    (tmp_path / "running").write_text("old")
    (tmp_path / "started").write_text("1.7e+09")
    earlier = tmp_path / "pods/kube-system_kube-apiserver-cp1_1/kube-apiserver"
    earlier.mkdir(parents=True)
    (earlier / "7.log").write_text("2026-01-01T00:00:00Z stderr F of the earlier one\n")
    return tmp_path


def write(host, content):
    (host / "manifests/kube-apiserver.yaml").write_text(content)


def present(host):
    return (host / "manifests/kube-apiserver.yaml").read_text()


def replace(host, content, seconds=60):
    (host / "config").write_text(content)
    return run_script(host, "replace", str(seconds), str(host / "config"))


def look(host):
    done = run_script(host, "look")
    assert done.returncode == 0, done.stderr
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_an_api_server_gets_its_new_options(host):
    done = replace(host, "new")
    assert done.returncode == 0, done.stderr
    assert present(host) == (host / "running").read_text() == "new"
    found = look(host)
    assert found["interrupted"] == "no" and base64.b64decode(found["manifest"]) == b"new"
    assert not (host / "tmp/slipway-api-server").exists()


def test_an_api_server_that_does_not_get_ready_is_put_back_with_its_cause(host):
    done = replace(host, "bad")
    assert done.returncode == 1
    assert present(host) == (host / "running").read_text() == "old"
    assert "cp1: the API server did not get ready with the new options" in done.stderr
    assert "no such file 3" in done.stderr and "earlier one" not in done.stderr
    assert "not ready either" not in done.stderr
    assert look(host)["interrupted"] == "no"


def test_options_that_kubeadm_refuses_change_nothing(host):
    done = replace(host, "unknown")
    assert done.returncode == 1
    assert "cp1: kubeadm refuses the options" in done.stderr and "unknown field" in done.stderr
    assert present(host) == "old" and look(host)["interrupted"] == "no"


def test_a_replacement_that_was_killed_continues(host):
    (host / "former-kube-apiserver.yaml").write_text("old")
    write(host, "new")
    assert look(host)["interrupted"] == "yes"
    assert replace(host, "new").returncode == 0
    assert look(host)["interrupted"] == "no" and present(host) == "new"


def test_a_replacement_that_was_killed_is_put_back_to_the_server_that_worked(host):
    (host / "former-kube-apiserver.yaml").write_text("old")
    write(host, "bad first")
    assert replace(host, "bad", seconds=3).returncode == 1
    assert present(host) == "old" and look(host)["interrupted"] == "no"


def test_the_same_options_restart_nothing(host):
    assert replace(host, "old").returncode == 0
    assert (host / "started").read_text() == "1.7e+09"


def encryption(host, path):
    """Return what the script prints for an API server with this file."""
    write(host, f"    - --encryption-provider-config={path}\n" if path else "old")
    done = run_script(host, "encryption")
    assert done.returncode == 0, done.stderr
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_the_encryption_of_an_api_server_is_read(host):
    file = host / "pki/slipway/encryption-1.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("keys")
    found = encryption(host, file)
    assert found["path"] == str(file) and base64.b64decode(found["configuration"]) == b"keys"
    assert len(base64.b64decode(found["key"])) == 32
    assert encryption(host, None)["path"] == "" and encryption(host, None)["key"] != found["key"]


@pytest.mark.parametrize("path", ["/etc/mine.yaml", "pki/slipway/lost.yaml"])
def test_a_file_of_others_or_a_lost_one_has_no_content(host, path):
    path = host / path
    found = encryption(host, path)
    assert found["path"] == str(path) and "configuration" not in found


def test_a_host_without_an_api_server_has_only_a_new_key(host):
    (host / "manifests/kube-apiserver.yaml").unlink()
    assert run_script(host, "encryption").stdout.startswith("key=")


def test_only_files_that_the_api_server_does_not_read_are_removed(host):
    files = host / "pki/slipway"
    assert run_script(host, "tidy").stdout == ""
    files.mkdir(parents=True)
    for name in ("encryption-1.yaml", "encryption-2.yaml", "audit-1.yaml"):
        (files / name).write_text("x")
    write(host, f"- --a={files}/encryption-2.yaml\n- --b={files}/audit-1.yaml\n")
    for words in (["--check"], []):
        assert (files / "encryption-1.yaml").exists()
        assert run_script(host, "tidy", *words).stdout == f"removed {files}/encryption-1.yaml\n"
    assert sorted(one.name for one in files.iterdir()) == ["audit-1.yaml", "encryption-2.yaml"]
    assert run_script(host, "tidy").stdout == ""
