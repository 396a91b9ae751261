"""The content of the nodes of a container engine: the images of the cluster, and the data of etcd.

Slipway's node image holds the images of the cluster (upstream/tools/node_image.py), in the layer of the container of
each node. Existing nodes therefore get the images of a later node image by an import.
"""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine_images import ensure_image
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Node

SECONDS = 600
# Nodes have their volume at /var.
ARCHIVE = "tmp/slipway-images.tar"
# In a container of the image, with the volume of a node at /node. An image without images has nothing to export.
EXPORT = f"""
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
ETCD = "/var/lib/minikube/etcd"
# etcd is suspended meanwhile, so the copy is as good as its disk after a power failure.
COPY_ETCD = f"""
copy={ETCD}-before-upgrade
pid=$(pgrep -x etcd) || {{ echo "etcd does not run" >&2; exit 1; }}
rm -rf "$copy.part"
trap 'kill -CONT $pid' EXIT
kill -STOP $pid
cp -a {ETCD} "$copy.part"
kill -CONT $pid
rm -rf "$copy"
mv "$copy.part" "$copy"
"""
RESTORE_ETCD = f"""
copy={ETCD}-before-upgrade
[ -d "$copy" ] || {{ echo "$copy does not exist" >&2; exit 1; }}
systemctl stop kubelet
crictl ps --quiet --name '^(etcd|kube-apiserver)$' | xargs -r crictl stop
rm -rf {ETCD}-of-failed-upgrade
mv {ETCD} {ETCD}-of-failed-upgrade
cp -a "$copy" {ETCD}
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


def copy_etcd(engine: Engine, node: str) -> None:
    """Copy the data of etcd inside the volume of its node, in place of the copy of an earlier upgrade.

    Raises:
        EngineError: It cannot be copied.
    """
    engine.run_in(node, *_script(COPY_ETCD), seconds=SECONDS)


def restore_etcd(engine: Engine, node: str) -> None:
    """Stop etcd, and put the copy in place of its data, which are kept beside it.

    Raises:
        EngineError: There is no copy, or it cannot be restored.
    """
    engine.run_in(node, *_script(RESTORE_ETCD), seconds=SECONDS)


def _script(text: str) -> list[str]:
    return ["sh", "-euc", text]
