"""Read a Minikube profile from its files, its containers, ``minikube status`` and the API."""

from __future__ import annotations

import json
import re
import stat
from datetime import datetime
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeCli
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    CONTAINER_DRIVERS,
    Engine,
    nodes_among,
    published_ports,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError, NodeApi
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_drain import is_drained
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Node, Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.port_forwards import (
    forwarded_ports,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_config import find_config

# The path of the manifest that Minikube applies: pkg/minikube/cni/cni.go (manifestPath).
CNI_MANIFEST_IN_NODE = "/var/tmp/minikube/cni.yaml"
# The name of the API server in /etc/hosts of the nodes: pkg/minikube/constants (ControlPlaneAlias).
CONTROL_PLANE_ALIAS = "control-plane.minikube.internal"


class Reader:
    """Reads profiles below one Minikube home.

    Args:
        home: the directory ``.minikube``.
        cli: the executable, or None while it is not installed.
        engine: the container engine, or None for drivers without one.
        kubeconfig: the file that Minikube writes contexts to.
    """

    def __init__(
        self, home: Path, cli: MinikubeCli | None, engine: Engine | None, kubeconfig: Path
    ):
        self.home = home
        self.cli = cli
        self.engine = engine
        self.kubeconfig = kubeconfig

    def config_path(self, profile: str) -> Path:
        """Return the configuration file of a profile."""
        return self.home / "profiles" / profile / "config.json"

    def machine_path(self, name: str) -> Path:
        """Return the directory of a node's machine."""
        return self.home / "machines" / name

    def api(self, observed: Observed) -> NodeApi:
        """Return the API of an observed profile.

        Raises:
            ApiError: there is no address or no certificate yet.
        """
        nodes = observed.config.get("Nodes") or [{}]
        address, port = nodes[0].get("IP"), nodes[0].get("Port") or 8443
        if not address:
            raise ApiError("the control plane has no address yet")
        return NodeApi(self.home, observed.profile, address, port)

    def config(self, profile: str) -> dict:
        """Return the configuration of a profile, empty when there is none that can be used."""
        return find_config(self.config_path(profile))[0]

    def read(self, profile: str) -> Observed:
        """Return the current state of a profile."""
        seen = Observed(profile)
        seen.config, seen.config_problem = find_config(self.config_path(profile))
        if self.kubeconfig.exists():
            seen.kubeconfig_mode = stat.S_IMODE(self.kubeconfig.stat().st_mode)
        named = self.engine.named(profile) if self.engine else {}
        containers = nodes_among(named, profile)
        volumes = self.engine.volumes(profile) if self.engine else []
        seen.forwards = forwarded_ports(named, profile)
        known = self._nodes(seen, containers, volumes)
        seen.leftovers = {
            "containers": sorted(set(containers) - known),
            "volumes": sorted(set(volumes) - known),
            "networks": self.engine.networks(profile) if self.engine and not known else [],
        }
        if not seen.config:
            seen.state = (
                "orphaned" if any(seen.leftovers.values()) or seen.config_problem else "absent"
            )
            return seen
        self._read_state(seen)
        if seen.primary.name in containers:
            seen.ports = published_ports(containers[seen.primary.name])
        return seen

    def _nodes(self, seen: Observed, containers: dict, volumes: list[str]) -> set[str]:
        """Fill the nodes; return the names that belong to the configuration."""
        entries = seen.config.get("Nodes") or []
        for entry in entries:
            short = entry.get("Name") or ""
            # One node alone, or the unnamed one, has the name of the profile: MachineName() of Minikube.
            name = seen.profile if not short or len(entries) == 1 else f"{seen.profile}-{short}"
            inspected = containers.get(name)
            seen.nodes.append(
                Node(
                    name=name,
                    short=short,
                    control_plane=bool(entry.get("ControlPlane")),
                    container=inspected["State"]["Status"] if inspected else "missing",
                    started=start_time(inspected),
                    volume=name in volumes,
                    machine=_is_json(self.machine_path(name) / "config.json"),
                    ip=entry.get("IP") or "",
                    version=entry.get("KubernetesVersion") or "",
                )
            )
        return {n.name for n in seen.nodes}

    def _read_state(self, seen: Observed) -> None:
        """Set the state of the profile, and the facts of its nodes that need a running control plane."""
        if seen.config.get("Driver") in CONTAINER_DRIVERS:
            seen.state = _state_of_container(seen.primary)
            if seen.state:
                return
        statuses = self._statuses(seen)
        status = statuses.get(seen.primary.name, {})
        seen.kubeconfig = status.get("Kubeconfig", "")
        if seen.config.get("Driver") not in CONTAINER_DRIVERS:
            _set_machine_states(seen.nodes, statuses)
            if seen.primary.container != "running":
                seen.state = "lost" if seen.primary.container == "missing" else "stopped"
                return
        for node in seen.nodes:
            node.kubelet = statuses.get(node.name, {}).get("Kubelet", "")
        seen.state = _state_of_components(status)
        if seen.state == "started":
            self._read_api(seen)
        if seen.state != "paused" and seen.config.get("Driver") in CONTAINER_DRIVERS:
            self._read_containers(seen)

    def _read_containers(self, seen: Observed) -> None:
        """Read the facts that only the inside of a node's container shows."""
        if not self.engine:
            return
        for node in seen.nodes:
            if node.container == "running" and node.registered and not node.ready:
                found = self.engine.execute(node.name, "getent", "hosts", CONTROL_PLANE_ALIAS)
                node.alone = not found.strip()
        digest = self.engine.execute(seen.primary.name, "sha256sum", CNI_MANIFEST_IN_NODE)
        seen.cni_digest = digest.split(" ")[0] if digest else ""

    def _statuses(self, seen: Observed) -> dict[str, dict]:
        """Return ``minikube status`` by node.

        It answers nothing when one node of several does not exist, so then only the first is asked for.
        """
        if self.cli is None:
            return {}
        whole = all(n.container != "missing" and n.machine for n in seen.nodes)
        extra = [] if whole else ["-n", seen.primary.name]
        answer = self.cli.query("status", *extra)
        entries = answer if isinstance(answer, list) else [answer]
        return {e["Name"]: e for e in entries if isinstance(e, dict) and "Name" in e}

    def _read_api(self, seen: Observed) -> None:
        try:
            api = self.api(seen)
            live = api.nodes()
            ready = api.ready({n.name: n.started for n in seen.nodes if n.container == "running"})
        except ApiError as error:
            seen.api_error, seen.state = str(error), "degraded"
            return
        for node in seen.nodes:
            found = live.get(node.name)
            node.registered = found is not None
            node.ready = node.name in ready
            if found:
                node.labels = found["metadata"].get("labels") or {}
                node.drained = is_drained(found)
                node.taints = (found.get("spec") or {}).get("taints") or []
                node.version = found["status"]["nodeInfo"]["kubeletVersion"]


def _state_of_container(primary: Node) -> str:
    """Return the state of a profile whose control plane has no running container, or an empty string."""
    if primary.container == "missing":
        return "stopped" if primary.volume else "lost"
    return "" if primary.container == "running" else "stopped"


def _set_machine_states(nodes: list[Node], statuses: dict[str, dict]) -> None:
    """Set the state of virtual machines, in the words of a container engine."""
    words = {"Running": "running", "Stopped": "exited", "Nonexistent": "missing"}
    for node in nodes:
        host = statuses.get(node.name, {}).get("Host", "missing")
        node.container = words.get(host, host)


def _state_of_components(status: dict) -> str:
    """Return the state of a running control plane."""
    if status.get("APIServer") == "Paused":
        return "paused"
    good = status.get("APIServer") == "Running" and status.get("Kubelet") == "Running"
    return "started" if good else "degraded"


def start_time(container: dict | None) -> float:
    """Return when an inspected container started, 0 when that is not known."""
    text = ((container or {}).get("State") or {}).get("StartedAt") or ""
    # Docker writes nanoseconds, which Python 3.11 does not read.
    match = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z$", text)
    return datetime.fromisoformat(f"{match[1]}+00:00").timestamp() if match else 0.0


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    return True
