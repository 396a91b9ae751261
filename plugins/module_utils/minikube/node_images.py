"""The images of the nodes of a cluster: list them, load archives, remove what no pod uses."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import subprocess
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine, EngineError

CTR = ("ctr", "--namespace", "k8s.io", "images")
SECONDS = 600
# Time in which the kubelet's view of containerd shows an imported image.
SHOWN_AFTER_SECONDS = 20
CHUNK = 1 << 20
REPORT_EVERY = 0.1


@dataclass(frozen=True)
class NodeImage:
    """An image in a node.

    Args:
        id: Digest of its configuration.
        names: Its full names with tags.
        digests: Its full names with digests.
        bytes: Its size.
    """

    id: str
    names: tuple[str, ...]
    digests: tuple[str, ...]
    bytes: int

    def has(self, name: str) -> bool:
        """Return whether a full name or an ID means this image."""
        return name in (self.id, *self.names, *self.digests)


class NodeImages:
    """The images of one running node, whose runtime is containerd.

    Args:
        engine: The engine of the node's container.
        node: Name of the node.
    """

    def __init__(self, engine: Engine, node: str):
        self.engine = engine
        self.node = node

    def all(self) -> list[NodeImage]:
        """Return the images.

        Raises:
            EngineError: The runtime of the node does not answer.
        """
        return [
            NodeImage(
                one["id"], tuple(one.get("repoTags") or ()), tuple(one.get("repoDigests") or ()),
                int(one.get("size") or 0),
            )
            for one in self._read("images")["images"]
        ]  # fmt: skip

    def missing(self, wanted: dict[str, str]) -> list[str]:
        """Return the names that the node lacks or has for another image.

        Args:
            wanted: IDs of images by full name.
        """
        has = {name: image.id for image in self.all() for name in image.names}
        return [name for name, one in wanted.items() if has.get(name) != one]

    def users(self, images: Iterable[NodeImage]) -> list[tuple[NodeImage, str]]:
        """Return images with the pods that have a container of them that has not ended, as NAMESPACE/POD."""
        found = set()
        images = list(images)
        for one in self._read("ps", "--all")["containers"] if images else ():
            if one.get("state") == "CONTAINER_EXITED":
                continue
            asked = str((one.get("image") or {}).get("image") or "")
            used = list(filter(None, (one.get("imageId"), one.get("imageRef"), asked)))
            labels = one.get("labels") or {}
            namespace = labels.get("io.kubernetes.pod.namespace", "?")
            pod = f"{namespace}/{labels.get('io.kubernetes.pod.name', '?')}"
            found |= {(image, pod) for image in images if any(map(image.has, used))}
        return sorted(found, key=lambda pair: (pair[0].id, pair[1]))

    def load(self, archive: Path, wanted: dict[str, str], report: Callable[[str], None]) -> None:
        """Import an archive, and wait until the kubelet finds its images.

        Args:
            archive: The archive, on the host of the engine, whose names are full.
            wanted: IDs of its images by full name.
            report: Receives a line for each step.

        Raises:
            EngineError: The archive cannot be imported.
        """
        command = [self.engine.binary, "exec", "--interactive", self.node, *CTR, "import", "-"]
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            with archive.open("rb") as source, child.stdin as target:
                self._copy(source, target, report)
        except BrokenPipeError:
            pass  # the error of the import names the cause
        said = child.stderr.read().decode(errors="replace").strip()
        if child.wait() != 0:
            raise EngineError(f"{archive.name} cannot be imported into {self.node}: {said[-500:]}")
        deadline = Deadline(SHOWN_AFTER_SECONDS)
        while missing := self.missing(wanted):
            if deadline.passed:
                raise EngineError(
                    f"{self.node} has not imported {', '.join(missing)}: {said[-500:]}"
                )
            time.sleep(0.3)

    def remove(self, image: NodeImage, names: Iterable[str]) -> None:
        """Remove names of an image, and the image with its last name.

        Raises:
            EngineError: The runtime refuses.
        """
        names = set(names)
        if image.id in names or not set(image.names) - names:
            self.engine.run_in(self.node, "crictl", "rmi", image.id, seconds=SECONDS)
        else:
            self.engine.run_in(self.node, *CTR, "rm", "--sync", *sorted(names), seconds=SECONDS)

    def _copy(self, source: IO[bytes], target: IO[bytes], report: Callable) -> None:
        """Copy an archive, which containerd takes only uncompressed."""
        size, shown = os.fstat(source.fileno()).st_size, 0.0
        with _uncompressed(source) as content:
            while block := content.read(CHUNK):
                target.write(block)
                if source.tell() / size - shown >= REPORT_EVERY:
                    shown = source.tell() / size
                    report(f"Loading into {self.node}: {shown:.0%} of {size >> 20} MiB")

    def _read(self, *command: str) -> dict:
        done = self.engine.run("exec", self.node, "crictl", *command, "--output", "json")
        try:
            return json.loads(done.stdout)
        except ValueError:
            said = (done.stderr or done.stdout).strip()[-300:]
            raise EngineError(
                f"the container runtime of {self.node} does not list its images: {said}. "
                "Only nodes with containerd are supported"
            ) from None


def _uncompressed(source: IO[bytes]) -> IO[bytes]:
    """Return the content of a file without its compression."""
    start = source.read(6)
    source.seek(0)
    kinds = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
    for magic, uncompressed in kinds.items():
        if start.startswith(magic):
            return uncompressed(source)
    return source


def running_nodes(engine: Engine, profile: str) -> list[NodeImages]:
    """Return the running nodes of a profile.

    Raises:
        EngineError: There is none.
    """
    found = [
        NodeImages(engine, name)
        for name, container in engine.containers(profile).items()
        if (container.get("State") or {}).get("Status") == "running"
    ]
    if not found:
        raise EngineError(f"no node of the profile {profile} runs; start the cluster first")
    return found


def load_archive(
    nodes: list[NodeImages], archive: Path, wanted: dict[str, str], report: Callable[[str], None]
) -> None:
    """Import an archive into nodes at the same time.

    Raises:
        EngineError: The archive cannot be imported into one of them; the others have it.
    """
    with ThreadPoolExecutor(len(nodes)) as pool:
        list(pool.map(lambda node: node.load(archive, wanted, report), nodes))


def removals(
    nodes: list[NodeImages], names: list[str]
) -> list[tuple[NodeImages, NodeImage, list[str]]]:
    """Return what is to be removed: node, image and those of its names that were given.

    Raises:
        EngineError: A container of a pod uses one of the images.
    """
    found = []
    users = set()
    for node in nodes:
        chosen = {}
        for image in node.all():
            if given := [name for name in names if image.has(name)]:
                chosen[image] = given
        found += [(node, image, given) for image, given in chosen.items()]
        # one look at the containers of a node, however many images there are
        users |= {
            f"{chosen[image][0]} is used by {pod} on {node.node}"
            for image, pod in node.users(chosen)
        }
    if users:
        raise EngineError(
            f"nothing was removed: {'; '.join(sorted(users))}. Delete or update these pods first"
        )
    return found


def list_images(nodes: list[NodeImages]) -> list[dict]:
    """Return the images of nodes, each once, in the order of their names."""
    found: dict[str, dict] = {}
    for node in nodes:
        for image in node.all():
            one = found.setdefault(
                image.id,
                {"id": image.id, "names": [], "digests": [], "bytes": image.bytes, "nodes": []},
            )
            one["nodes"].append(node.node)
            one["names"] = sorted({*one["names"], *image.names})
            one["digests"] = sorted({*one["digests"], *image.digests})
    return sorted(found.values(), key=lambda one: (one["names"] or one["digests"], one["id"]))
