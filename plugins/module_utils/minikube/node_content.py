"""Bring the programs and images of a later node image into existing nodes.

Slipway's node image holds the programs and images of the cluster (upstream/tools/node_image.py), in the layer of the
container of each node. Existing nodes therefore get those of a later node image by a copy and an import.
"""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine_images import ensure_image
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Node

SECONDS = 600
# Nodes have their volume at /var.
ARCHIVE = "tmp/slipway-images.tar"
# In a container of the image, with the volume of a node at /node. Programs of a version that the node has already are
# running, so they are kept. An image without images has nothing to export.
EXPORT = f"""
for folder in /var/lib/minikube/binaries/v*; do
    [ -e "$folder/kubelet" ] || continue
    target="/node/lib/minikube/binaries/${{folder##*/}}"
    [ ! -e "$target" ] || continue
    mkdir -p "$target.part"
    cp -L "$folder"/* "$target.part/"
    mv "$target.part" "$target"
done
root=$(sed -n 's/^root = "\\(.*\\)"/\\1/p' /etc/containerd/config.toml 2>/dev/null || true)
[ -e "${{root:-/var/lib/containerd}}/io.containerd.content.v1.content" ] || exit 0
containerd --log-level fatal & pid=$!
n=0
until ctr version >/dev/null 2>&1; do
    n=$((n + 1)); [ $n -lt 100 ] || {{ echo "containerd does not answer" >&2; exit 1; }}
    sleep 0.1
done
names=$(ctr --namespace k8s.io images list --quiet | grep -v ^sha256: || true)
[ -z "$names" ] || {{ mkdir -p /node/tmp && ctr --namespace k8s.io images export /node/{ARCHIVE} $names; }}
kill $pid
wait $pid || true
"""
# In the node.
IMPORT = f"""
[ -e /var/{ARCHIVE} ] || exit 0
ctr --namespace k8s.io images import --no-unpack /var/{ARCHIVE} >/dev/null
rm /var/{ARCHIVE}
"""


def load_images(
    engine: Engine, nodes: list[Node], image: str, report: Callable[[str], None]
) -> None:
    """Load the images that a node image holds into running nodes.

    Raises:
        EngineError: They cannot be loaded.
    """
    ensure_image(engine, image, report)
    for node in nodes:
        report(f"Loading the images of {image} into {node.name}")
        engine.run_with_volume(image, node.name, "/node", *_script(EXPORT), seconds=SECONDS)
        engine.run_in(node.name, *_script(IMPORT), seconds=SECONDS)


def _script(text: str) -> list[str]:
    return ["sh", "-euc", text]
