"""roles/minikube/files/node-proxy: the proxy of containerd in running nodes, which are directories here."""

import os
import subprocess
from pathlib import Path

import pytest

NODE_PROXY = Path(__file__).parents[4] / "roles/minikube/files/node-proxy"
DROP_IN = "/etc/containerd.service.d/proxy.conf"
DOCKER = """#!/bin/sh
if [ "$1" = ps ]; then [ ! -e "$ROOT/down" ] || exit 1; cd "$ROOT/nodes"; ls; exit; fi
echo "$*" >>"$ROOT/calls"
shift
[ "$1" != --interactive ] || shift
node=$ROOT/nodes/$1
shift
[ "$1" != systemctl ] || exit 0
for word; do
    case $word in /etc/*) word=$node$word ;; esac
    set -- "$@" "$word"
    shift
done
exec "$@"
"""


class Host:
    """A host whose running nodes are directories."""

    def __init__(self, root: Path):
        self.root = root
        self.files = root / "files"
        self.source = Path(f"{self.files}{DROP_IN}")
        for folder in (root / "bin", root / "nodes/minikube", root / "nodes/minikube-m02"):
            folder.mkdir(parents=True)
        self.source.parent.mkdir(parents=True)
        (root / "bin/docker").write_text(DOCKER)
        (root / "bin/docker").chmod(0o755)

    def run(self, *check: str) -> list[str]:
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        command = ["sh", str(NODE_PROXY), *check, "minikube", str(self.files), DROP_IN]
        env = {**os.environ, "PATH": path, "ROOT": str(self.root)}
        return subprocess.run(
            command, env=env, capture_output=True, text=True, check=True
        ).stdout.split()

    def setting(self, node: str) -> Path:
        return Path(f"{self.root}/nodes/{node}{DROP_IN}")

    def calls(self) -> str:
        return (self.root / "calls").read_text()


@pytest.fixture
def host(tmp_path):
    host = Host(tmp_path)
    host.source.write_text("[Service]\nEnvironment=HTTPS_PROXY=http://ada:secret@192.0.2.1:3128\n")
    return host


def test_nodes_get_a_proxy_once_change_it_and_lose_it(host):
    assert host.run() == ["minikube", "minikube-m02"]
    assert host.setting("minikube-m02").read_text() == host.source.read_text()
    assert host.setting("minikube-m02").stat().st_mode & 0o777 == 0o600
    assert host.run() == []
    host.setting("minikube").write_text("edited")
    assert host.run() == ["minikube"]
    host.source.unlink()
    assert host.run() == ["minikube", "minikube-m02"] and host.run() == []
    assert not host.setting("minikube").exists()


def test_containerd_restarts_only_in_changed_nodes(host):
    host.run()
    assert host.calls().count("systemctl try-restart containerd") == 2
    host.setting("minikube").unlink()
    host.run()
    assert host.calls().count("systemctl try-restart containerd") == 3


def test_a_password_is_in_no_command(host):
    host.run()
    assert "secret" not in host.calls()


def test_check_mode_changes_nothing(host):
    assert host.run("--check") == ["minikube", "minikube-m02"]
    assert not host.setting("minikube").exists() and "systemctl" not in host.calls()


def test_an_engine_that_is_down_has_no_running_nodes(host):
    (host.root / "down").touch()
    assert host.run() == []
