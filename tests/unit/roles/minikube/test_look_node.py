"""roles/minikube/files/look-node: what a node has, read in a directory that stands for its file system."""

import subprocess
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.node_evidence import parse_evidence

LOOK = Path(__file__).parents[4] / "roles/minikube/files/look-node"
PLACES = ("/proc/", "/etc/", "/lib/systemd", "/var/lib/")


@pytest.fixture
def node(tmp_path):
    """A node that runs nothing."""
    return Node(tmp_path)


class Node:
    """A directory that stands for the file system of a node."""

    def __init__(self, root):
        self.root = root
        self.add_process(1, "net:[1]", "/sbin/init")

    def write(self, path, content="", mode=0o644):
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
        target.chmod(mode)

    def add_process(self, pid, network, *words, environment=""):
        self.write(f"/proc/{pid}/cmdline", "".join(f"{word}\0" for word in words))
        self.write(f"/proc/{pid}/environ", environment)
        (self.root / f"proc/{pid}/ns").mkdir()
        (self.root / f"proc/{pid}/ns/net").symlink_to(network)
        (self.root / f"proc/{pid}/root").symlink_to("/")

    def look(self):
        text = LOOK.read_text()
        for place in PLACES:
            text = text.replace(f" {place}", f" {self.root}{place}")
        done = subprocess.run(["sh", "-s"], input=text, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_an_empty_node(node):
    assert node.look() == "end\n"


def test_programs_of_the_node_are_read_and_those_of_pods_are_not(node):
    data = node.root / "data"
    data.mkdir(mode=0o700)
    node.add_process(
        7,
        "net:[1]",
        "/usr/bin/etcd",
        f"--data-dir={data}",
        "--flag",
        environment="ETCD_AUTO_TLS=true\0HOME=/\0",
    )
    node.add_process(8, "net:[2]", "etcd", "--client-cert-auth=false")
    node.add_process(9, "net:[1]", "/usr/bin/etcdctl")
    found = parse_evidence(node.look())
    (etcd,) = found.processes.pop("etcd")
    assert etcd.arguments == {"auto-tls": "true", "data-dir": str(data), "flag": "true"}
    assert found.files[str(data)][0] == 0o700
    assert found.processes == {}


def test_settings_of_the_kubelet_are_read_with_their_directory(node):
    node.write("/k/config.yaml", "kind: KubeletConfiguration\n", 0o640)
    node.write("/k/d/10.conf", "readOnlyPort: 10255\n")
    root = node.root
    node.add_process(
        5, "net:[1]", "kubelet", f"--config={root}/k/config.yaml", f"--config-dir={root}/k/d"
    )
    found = parse_evidence(node.look())
    assert list(found.configs.values()) == [
        {"kind": "KubeletConfiguration"},
        {"readOnlyPort": 10255},
    ]
    assert found.files[f"{root}/k/config.yaml"][0] == 0o640


def test_files_of_kubernetes_are_described(node):
    for path, mode in {
        "/etc/kubernetes/admin.conf": 0o600,
        "/etc/kubernetes/manifests/etcd.yaml": 0o644,
        "/etc/kubernetes/pki/etcd/ca.key": 0o600,
        "/var/lib/minikube/certs/sa.key": 0o640,
        "/etc/cni/net.d/10-flannel.conflist": 0o644,
        "/lib/systemd/system/kubelet.service": 0o644,
        "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf": 0o644,
    }.items():
        node.write(path, mode=mode)
        assert parse_evidence(node.look()).files[f"{node.root}{path}"][0] == mode


def test_a_process_that_cannot_be_read_ends_the_look(node):
    node.add_process(5, "net:[1]", "kubelet", "--config=/missing")
    text = LOOK.read_text().replace(" /proc/", f" {node.root}/proc/")
    done = subprocess.run(["sh", "-s"], input=text, capture_output=True, text=True)
    assert done.returncode != 0 and "end" not in done.stdout.splitlines()
