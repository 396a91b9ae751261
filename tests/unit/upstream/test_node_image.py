"""The node image: images under the names that a cluster asks for, programs where nodes look for them."""

import json
import tarfile

import pytest

from support.upstream import load_tool

node_image = load_tool("node_image")
VERSIONS = {
    "kubernetes": "v1.35.1",
    "etcd_image": "3.6.6-0",
    "coredns": "v1.13.1",
    "pause": "3.10.1",
    "flannel": "v0.28.10",
    "local_path_provisioner": "v0.0.30",
    "agnhost": "2.59",
}


@pytest.fixture
def programs(tmp_path):
    found = {}
    paths = [program for _, program, _ in node_image.SINGLE_PROGRAM_IMAGES]
    paths += [program for _, program, _ in node_image.NETWORK_IMAGES]
    paths += [f"cluster/{name}" for name in node_image.KUBERNETES_PROGRAMS]
    for path in [*paths, "cri-tools/crictl", "cni-plugins/flannel"]:
        program = tmp_path / "programs" / path
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(path)
        folder = path.partition("/")[0]
        found[folder] = tmp_path / "programs" / folder
    return found


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root.tar").write_bytes(b"")
    with tarfile.open(tmp_path / "root.tar", "w") as archive:
        archive.add(__file__, "./etc/file")
    return tmp_path / "root.tar"


def test_images_have_the_names_and_programs_that_the_cluster_asks_for(programs, root):
    images = dict(node_image.cluster_images(programs, root, VERSIONS, "arm64"))
    assert sorted(images) == [
        "docker.io/rancher/local-path-provisioner:v0.0.30",
        "ghcr.io/flannel-io/flannel:v0.28.10",
        "registry.k8s.io/coredns/coredns:v1.13.1",
        "registry.k8s.io/e2e-test-images/agnhost:2.59",
        "registry.k8s.io/etcd:3.6.6-0",
        "registry.k8s.io/kube-apiserver:v1.35.1",
        "registry.k8s.io/kube-controller-manager:v1.35.1",
        "registry.k8s.io/kube-proxy:v1.35.1",
        "registry.k8s.io/kube-scheduler:v1.35.1",
        "registry.k8s.io/pause:3.10.1",
    ]
    config = json.loads(images["registry.k8s.io/pause:3.10.1"].config)
    assert config["config"]["Entrypoint"] == ["/pause", "-P"]
    # Where the image of upstream has it, as manifests of others expect.
    config = json.loads(images["registry.k8s.io/etcd:3.6.6-0"].config)
    assert config["config"]["Entrypoint"] == ["/usr/local/bin/etcd"]
    assert {json.loads(image.config)["architecture"] for image in images.values()} == {"arm64"}


def test_only_the_network_images_have_the_network_root(programs, root):
    images = dict(node_image.cluster_images(programs, root, VERSIONS, "amd64"))
    with_root = {name for name, image in images.items() if image.layers[0] == root.read_bytes()}
    assert with_root == {
        "registry.k8s.io/kube-proxy:v1.35.1",
        "ghcr.io/flannel-io/flannel:v0.28.10",
        "docker.io/rancher/local-path-provisioner:v0.0.30",
    }


def test_the_file_system_has_programs_and_the_links_that_minikube_follows(programs, root, tmp_path):
    node_image.write_base(tmp_path / "base.tar", root, programs, VERSIONS)
    with tarfile.open(tmp_path / "base.tar") as archive:
        kubelet = archive.getmember("./opt/kubernetes/bin/kubelet")
        assert (kubelet.mode, kubelet.uid, kubelet.uname) == (0o755, 0, "root")
        link = archive.getmember("./var/lib/minikube/binaries/v1.35.1/kubelet")
        assert link.linkname == "/opt/kubernetes/bin/kubelet"
        assert "./etc/file" in archive.getnames()


def test_the_containers_and_tags_of_a_failed_build_are_removed(tmp_path, monkeypatch):
    calls = []

    def run(command, **options):
        calls.append(command)
        if command[1] == "create":
            raise node_image.subprocess.CalledProcessError(1, command)
        return node_image.subprocess.CompletedProcess(command, 0, stdout="")

    monkeypatch.setattr(node_image.subprocess, "run", run)
    (tmp_path / "base.tar").touch()
    with pytest.raises(node_image.subprocess.CalledProcessError):
        node_image.save_node(tmp_path / "node.tar", tmp_path / "base.tar", tmp_path / "images.tar")
    assert [command[1:3] for command in calls[-2:]] == [["rm", "--force"], ["rmi", "--force"]]


def test_one_program_of_a_root_is_extracted(tmp_path):
    program = tmp_path / "usr/bin/catatonit"
    program.parent.mkdir(parents=True)
    program.write_text("init")
    program.chmod(0o777)
    with tarfile.open(tmp_path / "root.tar", "w") as root:
        root.add(program, "./usr/bin/catatonit")
    node_image.extract_program(tmp_path / "root.tar", "./usr/bin/catatonit", tmp_path / "out")
    found = tmp_path / "out/usr/bin/catatonit"
    assert found.read_text() == "init" and found.stat().st_mode & 0o777 == 0o755
