#!/usr/bin/env python3
"""Build the node image (Minikube calls it kicbase) with the programs and images of a cluster inside.

Minikube loads cached images and binaries into the primary node only, and that takes time on every start. With
programs and images in the node image, as in kind, a node starts without any download.

Takes a JSON description as its argument::

    {"out": directory, "architecture": "amd64", "node_root": tar, "network_root": tar, "programs": {name: directory},
     "versions": {kubernetes, etcd_image, coredns, pause, flannel, local_path_provisioner, agnhost}}

and leaves ``node.tar`` (docker save) in ``out``. Needs the directory that contains ``ansible_collections`` in
PYTHONPATH, a Docker that runs containers, and root or its group.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import Image, compose
from ansible_collections.slipway.lab.plugins.module_utils.oci.layer import build_layer
from ansible_collections.slipway.lab.plugins.module_utils.oci.layout import write_archive

# containerd keeps the content of imported images only; the kubelet's first use unpacks it.
IMPORT = """
containerd --log-level fatal 2>/containerd.log & pid=$!
n=0
until ctr version >/dev/null 2>&1; do
    n=$((n + 1)); [ $n -lt 100 ] || exit 1
    sleep 0.1
done
ctr --namespace k8s.io images import --no-unpack --all-platforms /images.tar
kill $pid; wait $pid || true
rm -rf /run/containerd /images.tar /containerd.log
"""
NAME = "slipway/node"
KUBERNETES_PROGRAMS = ("kubeadm", "kubectl", "kubelet")
BINARIES = "/opt/kubernetes/bin"

# Images that a cluster with flannel needs, under the names that kubeadm and the manifests use:
# name and tag, program on this machine, its path and arguments in the image.
SINGLE_PROGRAM_IMAGES = (
    (
        "registry.k8s.io/kube-apiserver:{kubernetes}",
        "cluster/kube-apiserver",
        ["/kube-apiserver"],
    ),
    (
        "registry.k8s.io/kube-controller-manager:{kubernetes}",
        "cluster/kube-controller-manager",
        ["/kube-controller-manager"],
    ),
    (
        "registry.k8s.io/kube-scheduler:{kubernetes}",
        "cluster/kube-scheduler",
        ["/kube-scheduler"],
    ),
    ("registry.k8s.io/etcd:{etcd_image}", "cluster/server", ["/usr/local/bin/etcd"]),
    ("registry.k8s.io/coredns/coredns:{coredns}", "cluster/coredns", ["/coredns"]),
    # Debian's catatonit waits and reaps as pause does when it gets -P.
    ("registry.k8s.io/pause:{pause}", "root/usr/bin/catatonit", ["/pause", "-P"]),
    ("registry.k8s.io/e2e-test-images/agnhost:{agnhost}", "cluster/agnhost", ["/agnhost"]),
)
# The same on the root with iptables and the commands that their scripts call.
NETWORK_IMAGES = (
    (
        "registry.k8s.io/kube-proxy:{kubernetes}",
        "cluster/kube-proxy",
        ["/usr/local/bin/kube-proxy"],
    ),
    ("ghcr.io/flannel-io/flannel:{flannel}", "cluster/flannel", ["/opt/bin/flanneld"]),
    (
        "docker.io/rancher/local-path-provisioner:{local_path_provisioner}",
        "local-path-provisioner/local-path-provisioner",
        ["/usr/bin/local-path-provisioner"],
    ),
)


def cluster_images(
    programs: dict[str, Path], network_root: Path, versions: dict, architecture: str
) -> Iterator[tuple[str, Image]]:
    """Yield the images of the cluster by their full names."""
    for images, roots in ((SINGLE_PROGRAM_IMAGES, []), (NETWORK_IMAGES, [network_root])):
        lower = [root.read_bytes() for root in roots]
        for name, program, entrypoint in images:
            folder, _, path = program.partition("/")
            layer = build_layer({entrypoint[0]: str(programs[folder] / path)})
            image = compose([*lower, layer], {"Entrypoint": entrypoint}, architecture)
            yield name.format(**versions), image


def node_files(programs: dict[str, Path]) -> dict[str, Path]:
    """Return the programs in the file system of a node, by their path there."""
    return {
        **{f"{BINARIES}/{name}": programs["cluster"] / name for name in KUBERNETES_PROGRAMS},
        "/usr/local/bin/crictl": programs["cri-tools"] / "crictl",
        "/opt/cni/bin/flannel": programs["cni-plugins"] / "flannel",
    }


def node_links(versions: dict) -> dict[str, str]:
    """Return symbolic links: Minikube looks for the programs in /var, a volume that is copied for each node."""
    folder = f"/var/lib/minikube/binaries/{versions['kubernetes']}"
    return {f"{folder}/{name}": f"{BINARIES}/{name}" for name in KUBERNETES_PROGRAMS}


def write_base(target: Path, node_root: Path, programs: dict[str, Path], versions: dict) -> None:
    """Write the file system of a node, without images, to the tar archive ``target``."""
    shutil.copy(node_root, target)
    with tarfile.open(target, "a") as archive:
        for path, program in node_files(programs).items():
            entry = archive.gettarinfo(program, arcname="." + path)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            entry.mode = 0o755
            with program.open("rb") as content:
                archive.addfile(entry, content)
        for path, link in node_links(versions).items():
            entry = tarfile.TarInfo("." + path)
            entry.type, entry.linkname = tarfile.SYMTYPE, link
            archive.addfile(entry)


def docker(*arguments: str, **options: object) -> str:
    """Run the docker client and return its output; its errors go to our standard error."""
    result = subprocess.run(
        ["docker", *arguments], check=True, stdout=subprocess.PIPE, text=True, **options
    )
    return result.stdout.strip()


def save_node(target: Path, base: Path, images: Path) -> None:
    """Build the node image from its file system and its images, and save it to ``target``."""
    tag = f"{NAME}:build-{os.getpid()}"
    container = f"slipway-build-{os.getpid()}"
    try:
        print("import of the file system", flush=True)
        docker("import", str(base), f"{tag}-base")
        base.unlink()
        print("import of the images", flush=True)
        docker(
            *("create", "--name", container, "--label", "slipway", "--network", "none"),
            *("--stop-signal", "SIGRTMIN+3"),  # makes systemd shut down in order
            *(f"{tag}-base", "/bin/sh", "-euc", IMPORT),
        )
        docker("cp", str(images), f"{container}:/images.tar")
        docker("start", "--attach", container)
        docker(
            *("commit", "--change", 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]'),
            *("--change", "ENV container=docker", "--change", "EXPOSE 22", "--change", "CMD []"),
            *(container, tag),
        )
        print("save", flush=True)
        docker("save", "--output", str(target), tag)
    finally:
        for command in (["rm", "--force", container], ["rmi", "--force", tag, f"{tag}-base"]):
            subprocess.run(["docker", *command], check=False, capture_output=True)


def extract_program(archive: Path, name: str, folder: Path) -> None:
    """Extract one program below a folder.

    ``TarFile.extract`` has no argument ``filter`` in the Python of Debian 12, and later ones warn without it.
    """
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as root:
        member = root.getmember(name)
        content = root.extractfile(member)
        assert content is not None, f"{name} is not a file"
        target.write_bytes(content.read())
    target.chmod(0o755)


def main(job: dict) -> None:
    """Build the image that ``job`` describes, in the terms of the module's docstring."""
    out, node_root = Path(job["out"]), Path(job["node_root"])
    versions = job["versions"]
    programs = {name: Path(path) for name, path in job["programs"].items()}
    extract_program(node_root, "./usr/bin/catatonit", out / "root")

    print("images of the cluster", flush=True)
    write_archive(
        out / "images.tar",
        cluster_images(
            {**programs, "root": out / "root"},
            Path(job["network_root"]),
            versions,
            job["architecture"],
        ),
    )
    print("file system of the node", flush=True)
    write_base(out / "base.tar", node_root, programs, versions)
    save_node(out / "node.tar", out / "base.tar", out / "images.tar")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
