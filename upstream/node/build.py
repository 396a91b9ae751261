#!/usr/bin/env python3
"""Build the node image (what Minikube calls kicbase) with everything of Kubernetes inside.

Only the primary node gets Minikube's cached images and binaries, and loading them takes time on every start.
So programs and images are baked in, as kind does, and a node starts without any download.

Takes a JSON description as its argument::

    {"out": directory, "node_root": tar, "network_root": tar, "programs": {name: directory},
     "versions": {kubernetes, etcd_image, coredns, pause, flannel, local_path_provisioner, agnhost}}

and leaves ``node.tar`` (docker save) in ``out``. Needs a Docker that runs containers, and root or its group.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from oci import Image, write_archive

# containerd keeps what it imports unpacked in content only; the kubelet's first use unpacks it.
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


def images(
    programs: dict[str, Path], network_root: Path, pause: Path, versions: dict
) -> list[Image]:
    """Return the images that a cluster with flannel needs, under the names that kubeadm asks for."""
    kubernetes, release = programs["kubernetes"], versions["kubernetes"]
    k8s = "registry.k8s.io"

    def scratch(name: str, program: Path, path: str) -> Image:
        return Image(name, [path], files={path: program})

    return [
        *(
            scratch(f"{k8s}/{name}:{release}", kubernetes / name, f"/{name}")
            for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
        ),
        Image(
            f"{k8s}/kube-proxy:{release}",
            ["/usr/local/bin/kube-proxy"],
            [network_root],
            {"/usr/local/bin/kube-proxy": kubernetes / "kube-proxy"},
        ),
        scratch(f"{k8s}/etcd:{versions['etcd_image']}", programs["etcd"] / "server", "/etcd"),
        scratch(
            f"{k8s}/coredns/coredns:{versions['coredns']}",
            programs["coredns"] / "coredns",
            "/coredns",
        ),
        # Debian's catatonit waits and reaps as pause does when it is asked to (-P).
        Image(f"{k8s}/pause:{versions['pause']}", ["/pause", "-P"], files={"/pause": pause}),
        scratch(
            f"{k8s}/e2e-test-images/agnhost:{versions['agnhost']}",
            kubernetes / "agnhost",
            "/agnhost",
        ),
        Image(
            f"ghcr.io/flannel-io/flannel:{versions['flannel']}",
            ["/opt/bin/flanneld"],
            [network_root],
            {"/opt/bin/flanneld": programs["flannel"] / "flannel"},
        ),
        Image(
            f"docker.io/rancher/local-path-provisioner:{versions['local_path_provisioner']}",
            ["/usr/bin/local-path-provisioner"],
            [network_root],
            {
                "/usr/bin/local-path-provisioner": programs["local-path-provisioner"]
                / "local-path-provisioner"
            },
        ),
    ]


def node_files(programs: dict[str, Path]) -> dict[str, Path]:
    """Return what lies in a node's own file system, by its path there."""
    return {
        **{f"{BINARIES}/{name}": programs["kubernetes"] / name for name in KUBERNETES_PROGRAMS},
        "/usr/local/bin/crictl": programs["cri-tools"] / "crictl",
        "/opt/cni/bin/flannel": programs["cni-plugins"] / "flannel",
    }


def node_links(versions: dict) -> dict[str, str]:
    """Return symbolic links: Minikube looks for the programs in /var, a volume that is copied for each node."""
    wanted = f"/var/lib/minikube/binaries/{versions['kubernetes']}"
    return {f"{wanted}/{name}": f"{BINARIES}/{name}" for name in KUBERNETES_PROGRAMS}


def docker(*arguments: str, **options: object) -> str:
    """Run the docker client and return what it printed; its errors go to our standard error."""
    result = subprocess.run(
        ["docker", *arguments], check=True, stdout=subprocess.PIPE, text=True, **options
    )
    return result.stdout.strip()


def main() -> None:
    """Build the image."""
    job = json.loads(sys.argv[1])
    out, node_root, network_root = (
        Path(job["out"]),
        Path(job["node_root"]),
        Path(job["network_root"]),
    )
    programs = {name: Path(path) for name, path in job["programs"].items()}
    versions = job["versions"]

    with tarfile.open(node_root) as root:
        root.extract("./usr/bin/catatonit", out, filter="tar")
    pause = out / "usr/bin/catatonit"

    print("images of the cluster", flush=True)
    write_archive(out / "images.tar", images(programs, network_root, pause, versions))

    print("root of the node", flush=True)
    base = out / "base.tar"
    shutil.copy(node_root, base)
    with tarfile.open(base, "a") as archive:
        for path, program in node_files(programs).items():
            entry = archive.gettarinfo(program, arcname="." + path)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            entry.mode = 0o755
            with program.open("rb") as content:
                archive.addfile(entry, content)
        for path, target in node_links(versions).items():
            entry = tarfile.TarInfo("." + path)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)

    tag = f"{NAME}:build-{os.getpid()}"
    container = f"slipway-build-{os.getpid()}"
    try:
        print("import of the root", flush=True)
        docker("import", str(base), f"{tag}-base")
        base.unlink()
        print("import of the images", flush=True)
        docker(
            *("create", "--name", container, "--label", "slipway", "--network", "none"),
            *("--stop-signal", "SIGRTMIN+3"),  # what makes systemd shut down in order
            *(f"{tag}-base", "/bin/sh", "-euc", IMPORT),
        )
        docker("cp", str(out / "images.tar"), f"{container}:/images.tar")
        docker("start", "--attach", container)
        docker(
            *("commit", "--change", 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]'),
            *("--change", "ENV container=docker", "--change", "EXPOSE 22", "--change", "CMD []"),
            *(container, tag),
        )
        print("save", flush=True)
        docker("save", "--output", str(out / "node.tar"), tag)
    finally:
        subprocess.run(["docker", "rm", "--force", container], check=False, capture_output=True)
        subprocess.run(
            ["docker", "rmi", "--force", tag, f"{tag}-base"], check=False, capture_output=True
        )


if __name__ == "__main__":
    main()
