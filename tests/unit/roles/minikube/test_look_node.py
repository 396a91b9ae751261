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
        self.write("/proc/self/net/fib_trie", "node")

    def write(self, path, content="", mode=0o644):
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
        target.chmod(mode)

    def add_process(self, pid, network, *words):
        self.write(f"/proc/{pid}/cmdline", "".join(f"{word}\0" for word in words))
        self.write(f"/proc/{pid}/net/fib_trie", network)

    def run(self):
        text = LOOK.read_text()
        for place in PLACES:
            for before in (" ", "<"):
                text = text.replace(f"{before}{place}", f"{before}{self.root}{place}")
        return subprocess.run(["sh", "-s"], input=text, capture_output=True, text=True)

    def look(self):
        done = self.run()
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_an_empty_node(node):
    assert node.look() == "end\n"


def test_programs_of_the_node_are_read_and_those_of_pods_are_not(node):
    data = node.root / "data"
    data.mkdir(mode=0o700)
    node.add_process(
        7,
        "node",
        "/usr/bin/etcd",
        f"--data-dir={data}",
        "--flag",
    )
    node.add_process(8, "pod", "etcd", "--client-cert-auth=false")
    node.add_process(9, "node", "/usr/bin/etcdctl")
    found = parse_evidence(node.look())
    (etcd,) = found.processes.pop("etcd")
    assert etcd.arguments == {"data-dir": str(data), "flag": "true"}
    assert found.files[str(data)][0] == 0o700
    assert found.processes == {}


def test_settings_of_the_kubelet_are_read_with_their_directory(node):
    node.write("/k/config.yaml", "kind: KubeletConfiguration\n", 0o640)
    node.write("/k/d/10.conf", "readOnlyPort: 10255\n")
    root = node.root
    node.add_process(
        5, "node", "kubelet", f"--config={root}/k/config.yaml", f"--config-dir={root}/k/d"
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
    node.add_process(5, "node", "kubelet", "--config=/missing")
    done = node.run()
    assert done.returncode != 0 and "end" not in done.stdout.splitlines()


def test_etcd_with_an_environment_cannot_be_judged(node):
    node.add_process(7, "node", "etcd", "--client-cert-auth=true")
    node.write("/etc/kubernetes/manifests/etcd.yaml", "    - name: ETCD_AUTO_TLS\n")
    (etcd,) = parse_evidence(node.look()).processes["etcd"]
    assert etcd.arguments["config-file"] == "its environment"


def test_a_real_machine_can_be_read():
    def is_complete():  # a program of another test can end while it is read
        done = subprocess.run(["sh", str(LOOK)], capture_output=True, text=True)
        return done.stdout.splitlines()[-1:] == ["end"]

    assert any(is_complete() for _ in range(5))
