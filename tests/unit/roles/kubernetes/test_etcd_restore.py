"""roles/kubernetes/files/etcd-restore: the API server gets the keys of the snapshot."""

import json
import subprocess

import pytest

from support.role_script import install_script, run_script

PROGRAMS = {
    "etcdutl": """
while [ "$1" != --data-dir ]; do shift; done
mkdir -p "$2/member"
echo restored >"$2/member/db"
""",
}
PLACES = {"/var/lib/etcd": "etcd", "/etc/kubernetes": ""}
OPTION = "    - --encryption-provider-config="


@pytest.fixture
def host(tmp_path):
    for folder in ("etcd/member", "manifests", "pki/slipway", "archive/slipway"):
        (tmp_path / folder).mkdir(parents=True)
    install_script(tmp_path, "etcd-restore", PROGRAMS, PLACES)
    (tmp_path / "archive/snapshot.db").touch()
    return tmp_path


def restore(host, before, saved):
    """Restore a snapshot with the option ``saved`` on a host with the option ``before``; return the one it has then."""
    words = ["    - kube-apiserver", "    - --v=1", *([OPTION + before] if before else [])]
    manifest = host / "manifests/kube-apiserver.yaml"
    manifest.write_text("\n".join([*words, "    image: x", ""]))
    about = {"time": "x", **({} if saved is None else {"encryption": saved})}
    (host / "archive/about.json").write_text(json.dumps(about))
    if saved:
        (host / "archive/slipway" / saved.rsplit("/", 1)[-1]).write_text("keys")
    parts = ["about.json", "snapshot.db", *(["slipway"] if saved is not None else [])]
    archive = host / "archive.tar"
    subprocess.run(["tar", "-cf", archive, "-C", host / "archive", *parts], check=True)
    done = run_script(host, "put", str(archive), "cp1", "192.0.2.1", "members", "token")
    assert done.returncode == 0, done.stderr
    assert (host / "etcd/member/db").read_text() == "restored\n"
    lines = manifest.read_text().splitlines()
    found = [line.removeprefix(OPTION) for line in lines if line.startswith(OPTION)]
    assert [line for line in lines if not line.startswith(OPTION)] == [*words[:2], "    image: x"]
    return found


@pytest.mark.parametrize("before", ["", "encryption-2.yaml"])
def test_the_api_server_reads_the_keys_of_the_snapshot(host, before):
    files = f"{host}/pki/slipway/"
    saved = f"{files}encryption-1.yaml"
    assert restore(host, before and files + before, saved) == [saved]
    assert (host / "pki/slipway/encryption-1.yaml").read_text() == "keys"


@pytest.mark.parametrize("saved", ["", None])
def test_the_objects_of_a_snapshot_without_encryption_need_no_key(host, saved):
    assert restore(host, f"{host}/pki/slipway/encryption-2.yaml", saved) == []


def test_a_file_of_others_stays_in_use(host):
    assert restore(host, "/etc/mine.yaml", "") == ["/etc/mine.yaml"]
