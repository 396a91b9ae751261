"""Read what a Minikube profile is, from its files, its containers, ``minikube status`` and the API."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeCli
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    Engine,
    published_ports,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError, NodeApi
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    CONTAINER_DRIVERS,
    Desired,
)

# Where Minikube puts the manifest that it applies: pkg/minikube/cni/cni.go (manifestPath).
CNI_MANIFEST_IN_NODE = "/var/tmp/minikube/cni.yaml"
# By which nodes find the API server, in their /etc/hosts: pkg/minikube/constants (ControlPlaneAlias).
CONTROL_PLANE_ALIAS = "control-plane.minikube.internal"


@dataclass
class Node:
    """A node of a profile.

    ``container`` is the state by the engine (``running``, ``exited``, ``paused``, ``missing``, ...) or by
    ``minikube status`` for other drivers; ``started`` is when it started, in seconds since the epoch.
    ``registered`` and ``ready`` are None while the API is down. ``alone`` means that it has forgotten where the
    control plane is: the engine rewrites /etc/hosts when it starts a container, and only Minikube adds that.
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
    labels: dict[str, str] = field(default_factory=dict)
    taints: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Observed:
    """The observed state of a profile.

    ``state`` is one of ``absent``, ``orphaned`` (containers or volumes without a configuration), ``lost``
    (configuration without the data of the control plane), ``stopped``, ``paused``, ``started`` and
    ``degraded`` (the control plane runs, but does not answer as it should).
    """

    profile: str
    state: str = "absent"
    config: dict = field(default_factory=dict)
    config_problem: str = ""
    nodes: list[Node] = field(default_factory=list)
    leftovers: dict[str, list[str]] = field(default_factory=dict)
    ports: set[tuple[str, str, str]] = field(default_factory=set)
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
        return self._config(profile)[0]

    def read(self, profile: str) -> Observed:
        """Return what the profile is now."""
        seen = Observed(profile)
        seen.config, seen.config_problem = self._config(profile)
        if self.kubeconfig.exists():
            seen.kubeconfig_mode = stat.S_IMODE(self.kubeconfig.stat().st_mode)
        containers = self.engine.containers(profile) if self.engine else {}
        volumes = self.engine.volumes(profile) if self.engine else []
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

    def _config(self, profile: str) -> tuple[dict, str]:
        """Return the configuration and what is wrong with it.

        Minikube removes the old file before it renames the new one (SaveProfile), so a kill in between
        leaves only ``config.json.tmpNNN``, which is as good.
        """
        path = self.config_path(profile)
        spare = sorted(
            path.parent.glob("config.json.tmp*"), key=lambda p: p.stat().st_mtime, reverse=True
        )
        problem = ""
        for candidate in [path, *spare]:
            try:
                config = json.loads(candidate.read_text())
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                problem = problem or f"{candidate}: {error}"
                continue
            if config.get("Driver") and config.get("Nodes"):
                return (
                    config,
                    "" if candidate == path else f"only {candidate.name} is left of config.json",
                )
            problem = problem or f"{candidate}: has no driver or no nodes"
        return {}, problem

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
        has_engine = seen.config.get("Driver") in CONTAINER_DRIVERS
        primary = seen.primary
        if has_engine and primary.container == "missing":
            seen.state = "stopped" if primary.volume else "lost"
            return
        if has_engine and primary.container != "running":
            seen.state = "stopped"
            return
        statuses = self._statuses(seen)
        status = statuses.get(primary.name, {})
        seen.kubeconfig = status.get("Kubeconfig", "")
        if not has_engine:
            for node in seen.nodes:
                host = statuses.get(node.name, {}).get("Host", "missing")
                node.container = {
                    "Running": "running",
                    "Stopped": "exited",
                    "Nonexistent": "missing",
                }.get(host, host)
            if primary.container != "running":
                seen.state = "lost" if primary.container == "missing" else "stopped"
                return
        for node in seen.nodes:
            node.kubelet = statuses.get(node.name, {}).get("Kubelet", "")
        api_server = status.get("APIServer", "")
        if api_server == "Paused":
            seen.state = "paused"
            return
        seen.state = (
            "started"
            if api_server == "Running" and status.get("Kubelet") == "Running"
            else "degraded"
        )
        if seen.state == "started":
            self._read_api(seen)
        if has_engine and self.engine:
            for node in seen.nodes:
                if node.container == "running" and node.registered and not node.ready:
                    found = self.engine.execute(node.name, "getent", "hosts", CONTROL_PLANE_ALIAS)
                    node.alone = not found.strip()
            digest = self.engine.execute(primary.name, "sha256sum", CNI_MANIFEST_IN_NODE)
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
                node.taints = (found.get("spec") or {}).get("taints") or []
                node.version = found["status"]["nodeInfo"]["kubeletVersion"]


def start_time(container: dict | None) -> float:
    """Return when an inspected container started, 0 when that is not known."""
    text = ((container or {}).get("State") or {}).get("StartedAt") or ""
    # Docker writes nanoseconds, which Python 3.11 does not read.
    match = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z$", text)
    return datetime.fromisoformat(f"{match[1]}+00:00").timestamp() if match else 0.0


def file_digest(path: str) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def minikube_home(home: str | None, environment: dict[str, str]) -> Path:
    """Return the directory ``.minikube`` as Minikube finds it (pkg/minikube/localpath: MiniPath)."""
    base = (
        home
        or environment.get("MINIKUBE_HOME")
        or os.environ.get("MINIKUBE_HOME")
        or os.path.expanduser("~")
    )
    path = Path(os.path.expanduser(base)).absolute()
    return path if path.name == ".minikube" else path / ".minikube"


def default_kubeconfig(environment: dict[str, str]) -> str:
    """Return the kubeconfig that Minikube writes to (pkg/minikube/kubeconfig: PathFromEnv)."""
    listed = environment.get("KUBECONFIG") or os.environ.get("KUBECONFIG") or ""
    first = next((p for p in listed.split(os.pathsep) if p), "")
    return os.path.expanduser(first or "~/.kube/config")


def minikube_environment(
    home: Path, kubeconfig: Path, desired: Desired | None = None
) -> dict[str, str]:
    """Return the environment of minikube.

    ``node add`` and ``node start`` have not the flags of ``start``, but Minikube reads every flag from the
    environment too (cmd/minikube/cmd/root.go: MINIKUBE_ and the name).
    """
    environment = {
        "MINIKUBE_HOME": str(home),
        "KUBECONFIG": str(kubeconfig),
        "MINIKUBE_IN_STYLE": "false",
        "MINIKUBE_WANTUPDATENOTIFICATION": "false",
    }
    if desired:
        environment["MINIKUBE_PRELOAD"] = str(desired.preload).lower()
        environment["MINIKUBE_CACHE_IMAGES"] = str(desired.cache_images).lower()
    if desired and desired.force:
        environment["MINIKUBE_FORCE"] = "true"
    return environment


def describe_nodes(seen: Observed) -> list[dict]:
    """Return the nodes as results of the modules show them."""
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


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    return True
