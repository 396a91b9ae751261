"""The observed state of a profile."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import PublishedPort


@dataclass
class Node:
    """A node of a profile.

    ``container`` is the state by the engine (``running``, ``exited``, ``paused``, ``missing``, ...) or by
    ``minikube status`` for other drivers; ``started`` is when it started, in seconds since the epoch.
    ``registered`` and ``ready`` are None while the API is down. ``alone`` means that it has forgotten where the
    control plane is: the engine rewrites /etc/hosts when it starts a container, and only Minikube adds that.
    ``drained`` means that an upgrade drained the node and did not end.
    """

    name: str
    short: str
    control_plane: bool
    container: str = "missing"
    volume: bool = False
    machine: bool = False
    kubelet: str = ""
    started: float = 0.0
    ip: str = ""
    version: str = ""
    registered: bool | None = None
    ready: bool | None = None
    alone: bool = False
    drained: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    taints: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Observed:
    """The observed state of a profile.

    ``state`` is one of ``absent``, ``orphaned`` (containers or volumes without a configuration), ``lost``
    (configuration without the data of the control plane), ``stopped``, ``paused``, ``started`` and
    ``degraded`` (the control plane runs, but does not answer as it should). ``ports`` are published by the control
    plane, ``forwards`` by containers beside it.
    """

    profile: str
    state: str = "absent"
    config: dict = field(default_factory=dict)
    config_problem: str = ""
    nodes: list[Node] = field(default_factory=list)
    leftovers: dict[str, list[str]] = field(default_factory=dict)
    ports: set[PublishedPort] = field(default_factory=set)
    forwards: set[PublishedPort] = field(default_factory=set)
    kubeconfig: str = ""
    kubeconfig_mode: int | None = None
    cni_digest: str = ""
    api_error: str = ""

    @property
    def kubernetes(self) -> dict:
        """Return the part of the configuration that is about Kubernetes."""
        return self.config.get("KubernetesConfig") or {}

    @property
    def addons(self) -> dict[str, bool]:
        """Return the addons as Minikube has marked them."""
        return self.config.get("Addons") or {}

    @property
    def primary(self) -> Node | None:
        """Return the first control-plane node."""
        return self.nodes[0] if self.nodes else None

    @property
    def workers(self) -> list[Node]:
        """Return the worker nodes, in the order of their creation."""
        return [n for n in self.nodes if not n.control_plane]


def describe_nodes(seen: Observed) -> list[dict]:
    """Return the nodes for the results of the modules."""
    return [
        {
            "name": node.name,
            "roles": ["control-plane"] if node.control_plane else ["worker"],
            "ready": node.ready,
            "address": node.ip,
            "version": node.version,
            "container": node.container,
            "labels": node.labels,
            "taints": node.taints,
        }
        for node in seen.nodes
    ]
