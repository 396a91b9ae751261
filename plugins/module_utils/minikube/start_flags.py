"""Flags of ``minikube start``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import CONTAINER_DRIVERS
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    Desired,
)


def start_flags(desired: Desired, nodes: int | None) -> list[str]:
    """Return the flags of ``minikube start``.

    Args:
        desired: The declared state.
        nodes: Number of nodes; None for an existing cluster. Settings that Minikube does not apply to an existing
            cluster are then left out, because it would only warn.
    """
    flags = [
        "--interactive=false",
        "--install-addons=false",
        f"--preload={str(desired.preload).lower()}",
        f"--cache-images={str(desired.cache_images).lower()}",
    ]
    # Minikube would wait for one node after the other. The converger watches all of them at the end.
    flags.append(f"--wait={','.join(w for w in desired.wait if w != 'node_ready') or 'none'}")
    flags += [f"--extra-config={key}={value}" for key, value in desired.extra_config.items()]
    optional = {
        "driver": desired.driver,
        "kubernetes-version": desired.kubernetes_version,
        "binary-mirror": desired.binary_mirror,
        "apiserver-ips": ",".join(desired.apiserver_ips),
    }
    if desired.cni_is_file or nodes is not None:
        optional["cni"] = desired.cni
    if nodes is not None:
        optional |= {
            "nodes": str(nodes),
            "container-runtime": desired.container_runtime,
            "cpus": desired.cpus,
            "memory": desired.memory,
            "disk-size": desired.disk_size,
            "base-image": desired.base_image if desired.driver in CONTAINER_DRIVERS else None,
            "listen-address": desired.listen_address,
            "image-repository": desired.image_repository,
            "ports": ",".join(str(p) for p in desired.ports or []),
            "insecure-registry": ",".join(desired.insecure_registries or []),
            "registry-mirror": ",".join(desired.registry_mirrors or []),
        }
    flags += [f"--{name}={value}" for name, value in optional.items() if value]
    flags += ["--force"] if desired.force else []
    return flags + (["--keep-context"] if desired.keep_context else [])
