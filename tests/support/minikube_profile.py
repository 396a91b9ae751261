"""Declared and observed profiles for the tests of the package ``minikube``."""

from __future__ import annotations

import copy

from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Node, Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Desired
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec_parser import parse_spec

CONFIG = {
    "Driver": "docker",
    "KicBaseImage": "kicbase:1",
    "CPUs": 2,
    "Memory": 4096,
    "Addons": {"dashboard": True},
    "KubernetesConfig": {
        "KubernetesVersion": "v1.35.1",
        "ContainerRuntime": "containerd",
        "CNI": "/etc/cni.yaml",
        "APIServerIPs": ["10.0.0.1"],
        "ExtraOptions": [{"Component": "kubelet", "Key": "max-pods", "Value": "50"}],
    },
}
OPTIONS = [
    "container_runtime",
    "kubernetes_version",
    "nodes",
    "cpus",
    "memory",
    "disk_size",
    "addons",
    "cni",
    "extra_config",
    "node_labels",
    "node_taints",
    "listen_address",
    "ports",
    "apiserver_ips",
    "base_image",
    "binary_mirror",
    "image_repository",
    "insecure_registries",
    "registry_mirrors",
]
DEFAULTS = {
    **dict.fromkeys(OPTIONS),
    "profile": "minikube",
    "state": "started",
    "driver": "docker",
    "force": False,
    "install_addons": True,
    "preload": True,
    "cache_images": True,
    "wait": ["apiserver", "node_ready"],
    "recreate": False,
    "keep_context": False,
}


def parsed(uid: int = 1000, **options) -> Desired:
    """Return the declared state of options, parsed as the module does."""
    return parse_spec({**DEFAULTS, **options}, uid)


def desired(**values) -> Desired:
    """Return a declared state without default addons."""
    return Desired("lab", **{"install_addons": False, **values})


def node(short: str = "", **values) -> Node:
    """Return a healthy node; without a name the control plane."""
    found = {
        "container": "running",
        "volume": True,
        "machine": True,
        "kubelet": "Running",
        "version": "v1.35.1",
        "registered": True,
        "ready": True,
    }
    return Node(f"lab-{short}" if short else "lab", short, not short, **{**found, **values})


def observed(
    *workers: Node, state: str = "started", primary: Node | None = None, **values
) -> Observed:
    """Return a started profile with a control plane and the given workers."""
    found = {"config": copy.deepcopy(CONFIG), "kubeconfig": "Configured", "kubeconfig_mode": 0o600}
    return Observed("lab", state, nodes=[primary or node(), *workers], **{**found, **values})
