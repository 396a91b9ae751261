"""roles/kubernetes/files/kubelet-config: other settings of a kubelet, and the former ones if it fails."""

from __future__ import annotations

import base64

import pytest

from support.role_script import install_script, run_script

# A kubelet with the word "bad" in its settings ends when it starts.
PROGRAMS = {
    "kubeadm": """
[ -e HERE/cluster ] || { echo "no answer"; exit 1; }
cp HERE/cluster HERE/kubelet/config.yaml
! grep -q half HERE/cluster
""",
    "kubectl": 'grep -q bad HERE/running || echo "True $(date -u +%Y-%m-%dT%H:%M:%SZ)"',
    "systemctl": """
case $1 in
  restart) cp HERE/kubelet/config.yaml HERE/running; echo restart >>HERE/restarts ;;
  show) echo . >>HERE/asked; if grep -q bad HERE/running; then wc -l <HERE/asked; else echo 7; fi ;;
esac
""",
    "journalctl": "echo unknown field",
}
PLACES = {"/var/lib/kubelet": "kubelet", "/var/lib/slipway/kubernetes": ""}


@pytest.fixture
def host(tmp_path):
    """A directory in the place of the host's own, with a kubelet that works."""
    (tmp_path / "kubelet").mkdir()
    install_script(tmp_path, "kubelet-config", PROGRAMS, PLACES)
    (tmp_path / "kubelet/config.yaml").write_text("old")
    (tmp_path / "running").write_text("old")
    return tmp_path


def replace(host, content):
    (host / "cluster").write_text(content)
    return run_script(host, "replace", "node1", "30")


def look(host):
    return dict(line.split("=", 1) for line in run_script(host, "look").stdout.splitlines())


def restarts(host):
    path = host / "restarts"
    return path.read_text().count("restart") if path.exists() else 0


def test_a_kubelet_gets_its_new_settings(host):
    done = replace(host, "new")
    assert done.returncode == 0, done.stderr
    assert (host / "running").read_text() == "new" and restarts(host) == 1
    found = look(host)
    assert found["interrupted"] == "no" and base64.b64decode(found["configuration"]) == b"new"


def test_the_same_settings_restart_nothing(host):
    assert replace(host, "old").returncode == 0
    assert restarts(host) == 0 and look(host)["interrupted"] == "no"


def test_a_kubelet_that_does_not_work_is_put_back_with_its_cause(host):
    done = replace(host, "bad")
    assert done.returncode == 1
    assert "node1: the kubelet does not work with the new settings" in done.stderr
    assert "unknown field" in done.stderr and "former settings either" not in done.stderr
    assert (host / "running").read_text() == (host / "kubelet/config.yaml").read_text() == "old"
    assert look(host)["interrupted"] == "no"


def test_a_replacement_that_was_killed_continues(host):
    (host / "former-kubelet.yaml").write_text("old")
    (host / "kubelet/config.yaml").write_text("new")
    assert look(host)["interrupted"] == "yes"
    assert replace(host, "new").returncode == 0
    assert (host / "running").read_text() == "new" and look(host)["interrupted"] == "no"


@pytest.mark.parametrize("written", [None, "half"])
def test_settings_that_kubeadm_does_not_write_change_nothing(host, written):
    done = replace(host, written) if written else run_script(host, "replace", "node1", "30")
    assert done.returncode == 1 and "kubeadm does not write the settings" in done.stderr
    assert (host / "kubelet/config.yaml").read_text() == "old" and restarts(host) == 0
    assert look(host)["interrupted"] == "no"
