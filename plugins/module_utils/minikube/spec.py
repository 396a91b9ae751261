"""The declared state of a Minikube profile: checked, and with every value in one normal form."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field

# Names of Minikube: pkg/minikube/config/profile.go (ProfileNameValid, keywords).
PROFILE_NAME = re.compile(
    r"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$"
)
RESERVED_NAMES = (
    "start",
    "stop",
    "status",
    "delete",
    "config",
    "open",
    "profile",
    "addons",
    "cache",
    "logs",
)
CNI_NAMES = ("auto", "bridge", "calico", "cilium", "flannel", "kindnet", "false")
EXTRA_CONFIG_COMPONENTS = (
    "kubelet", "kubeadm", "apiserver", "controller-manager", "etcd", "proxy", "scheduler",
)  # fmt: skip
TAINT_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
DEFAULT_ADDONS = ("default-storageclass", "storage-provisioner")
CONTAINER_DRIVERS = ("docker", "podman")
MINIMUM_MEMORY_MB = 1800  # cmd/minikube/cmd/start_flags.go: minUsableMem
MINIMUM_DISK_MB = 2000  # minimumDiskSize
MINIMUM_CPUS = 2  # minimumCPUS
UNLIMITED = "no-limit"
SIZE = re.compile(r"^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$", re.IGNORECASE)
UNIT_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
PORT = re.compile(
    r"^(?:(?:(?P<ip>\d+\.\d+\.\d+\.\d+):)?(?P<host>\d*):)?(?P<port>\d+)(?:/(?P<protocol>tcp|udp|sctp))?$"
)


class SpecError(ValueError):
    """A declared value is wrong. The text names the option, the value and what is allowed."""


@dataclass(frozen=True)
class Port:
    """A port of the control-plane node that is published on the host."""

    port: int
    protocol: str = "tcp"
    ip: str = ""
    host_port: int | None = None

    def __str__(self) -> str:
        """Return it as ``docker run --publish`` takes it."""
        where = f"{self.ip}:" if self.ip else ""
        fixed = "" if self.host_port is None else str(self.host_port)
        prefix = f"{where}{fixed}:" if where or fixed else ""
        return f"{prefix}{self.port}" + ("" if self.protocol == "tcp" else f"/{self.protocol}")


@dataclass
class Addon:
    """A declared addon; the overrides are by Minikube's image name, for example ``MetricsServer``."""

    enabled: bool
    images: dict[str, str] = field(default_factory=dict)
    registries: dict[str, str] = field(default_factory=dict)


@dataclass
class Desired:
    """The declared state of a profile. None means that the option is not declared, and not compared."""

    profile: str
    state: str = "started"
    driver: str | None = "docker"
    container_runtime: str | None = None
    kubernetes_version: str | None = None
    nodes: int | None = None
    cpus: str | None = None
    memory: str | None = None
    disk_size: str | None = None
    addons: dict[str, Addon] = field(default_factory=dict)
    cni: str | None = None
    extra_config: dict[str, str] = field(default_factory=dict)
    node_labels: dict[str, dict[str, str | None]] = field(default_factory=dict)
    node_taints: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    listen_address: str | None = None
    ports: list[Port] | None = None
    apiserver_ips: list[str] = field(default_factory=list)
    base_image: str | None = None
    binary_mirror: str | None = None
    image_repository: str | None = None
    insecure_registries: list[str] | None = None
    registry_mirrors: list[str] | None = None
    force: bool = False
    install_addons: bool = True
    preload: bool = True
    cache_images: bool = True
    wait: list[str] = field(default_factory=list)
    recreate: bool = False
    keep_context: bool = False

    @property
    def has_fixed_ports(self) -> bool:
        """Return whether a host port is fixed, so that only one node can have the published ports."""
        return any(p.host_port is not None for p in self.ports or [])

    @property
    def cni_is_file(self) -> bool:
        """Return whether the CNI is a manifest file of the user."""
        return bool(self.cni) and self.cni not in CNI_NAMES

    def wanted_addons(self) -> dict[str, Addon]:
        """Return the declared addons, and with ``install_addons`` the ones that Minikube itself enables."""
        defaults = {name: Addon(True) for name in DEFAULT_ADDONS} if self.install_addons else {}
        return {**defaults, **self.addons}


def size_mb(text: str) -> int:
    """Return a size as Minikube reads it, in MiB: a bare number is MiB, units are binary.

    Raises:
        ValueError: The text is not a size.
    """
    match = SIZE.match(str(text).strip())
    if not match:
        raise ValueError(f"{text!r} is not a valid size")
    number, unit = float(match[1]), match[2].lower()
    if str(text).strip().isdigit():
        unit = "m"
    return int(number * UNIT_BYTES[unit]) >> 20


def parse_port(text: str) -> Port:
    """Return a port written as [[IP:][HOST_PORT]:]PORT[/PROTOCOL].

    Raises:
        SpecError: it is written in another way or outside 1..65535.
    """
    match = PORT.match(str(text))
    numbers = [int(n) for n in (match["port"], match["host"]) if n] if match else []
    if not match or any(not 1 <= n <= 65535 for n in numbers):
        raise SpecError(
            f"ports: {text!r} is not valid; write [[IP:][HOST_PORT]:]NODE_PORT[/tcp|udp|sctp] with ports 1-65535, "
            "for example 127.0.0.1:8443:8443"
        )
    if match["ip"]:
        _address("ports", match["ip"])
    host = int(match["host"]) if match["host"] else None
    return Port(int(match["port"]), match["protocol"] or "tcp", match["ip"] or "", host)


def parse(params: dict, uid: int) -> Desired:
    """Return the declared state of module parameters.

    Args:
        params: options of the module, already of the right type.
        uid: user id that minikube will run as.

    Raises:
        SpecError: a value is wrong.
    """
    spec = Desired(
        profile=params["profile"],
        state=params["state"],
        driver=params["driver"],
        container_runtime={"cri-o": "crio"}.get(
            params["container_runtime"], params["container_runtime"]
        ),
        kubernetes_version=_version(params["kubernetes_version"]),
        nodes=params["nodes"],
        cpus=params["cpus"],
        memory=params["memory"],
        disk_size=params["disk_size"],
        addons={name: _addon(name, value) for name, value in (params["addons"] or {}).items()},
        cni=_cni(params["cni"]),
        extra_config=_extra_config(params["extra_config"] or {}),
        node_labels=_labels(params["node_labels"] or {}),
        node_taints=_taints(params["node_taints"] or {}),
        listen_address=params["listen_address"],
        ports=None if params["ports"] is None else [parse_port(p) for p in params["ports"]],
        apiserver_ips=[_address("apiserver_ips", a) for a in params["apiserver_ips"] or []],
        base_image=params["base_image"],
        binary_mirror=(params["binary_mirror"] or "").rstrip("/") or None,
        image_repository=params["image_repository"],
        insecure_registries=params["insecure_registries"],
        registry_mirrors=params["registry_mirrors"],
        force=params["force"],
        install_addons=params["install_addons"],
        preload=params["preload"],
        cache_images=params["cache_images"],
        wait=params["wait"],
        recreate=params["recreate"],
        keep_context=params["keep_context"],
    )
    _check(spec, uid)
    return spec


def _check(spec: Desired, uid: int) -> None:
    name = spec.profile
    if len(name) < 2 or not PROFILE_NAME.match(name) or name.lower() in RESERVED_NAMES:
        raise SpecError(
            f"profile: {name!r} is not valid; use 2 or more letters, digits and dashes, starting and ending with a "
            f"letter or digit, and none of {', '.join(RESERVED_NAMES)}"
        )
    if spec.nodes is not None and spec.nodes < 1:
        raise SpecError(f"nodes: {spec.nodes} is not valid; a cluster has 1 node or more")
    if (spec.nodes or 1) > 1 and spec.driver == "none":
        raise SpecError(
            "nodes: the driver none has exactly one node; use nodes: 1 or another driver"
        )
    if (spec.nodes or 1) > 1 and spec.cni in ("bridge", "false"):
        raise SpecError(
            f"cni: {spec.cni!r} connects the pods of one node only; use kindnet, flannel, calico, cilium or a manifest"
        )
    _check_size("memory", spec.memory, MINIMUM_MEMORY_MB, ("max", UNLIMITED))
    _check_size("disk_size", spec.disk_size, MINIMUM_DISK_MB, ())
    counted = spec.cpus is not None and spec.cpus not in ("max", UNLIMITED)
    if counted and (not spec.cpus.isdigit() or int(spec.cpus) < MINIMUM_CPUS):
        raise SpecError(
            f"cpus: {spec.cpus!r} is not valid; use a number from {MINIMUM_CPUS}, max or {UNLIMITED}"
        )
    if spec.listen_address is not None:
        _address("listen_address", spec.listen_address)
        if (
            spec.listen_address != "0.0.0.0"
            and not ipaddress.ip_address(spec.listen_address).is_loopback
        ):
            raise SpecError(
                f"listen_address: Minikube itself reaches its nodes through 127.0.0.1, so {spec.listen_address} alone "
                "cannot work; use 127.0.0.1 or 0.0.0.0, and publish single ports with "
                f"ports: [{spec.listen_address}:8443:8443]"
            )
    container_only = {
        "ports": spec.ports,
        "listen_address": spec.listen_address,
        "base_image": spec.base_image,
    }
    for option, value in container_only.items():
        if value and spec.driver not in CONTAINER_DRIVERS:
            raise SpecError(
                f"{option}: only the drivers {' and '.join(CONTAINER_DRIVERS)} have it, not {spec.driver}"
            )
    fixed = [(p.ip, p.host_port, p.protocol) for p in spec.ports or [] if p.host_port is not None]
    if len(set(fixed)) != len(fixed):
        raise SpecError("ports: a host port is declared twice")
    if spec.force and not (uid == 0 and spec.driver == "docker"):
        raise SpecError(
            "force: skips Minikube's own checks and is only meant for root with the driver docker; remove it"
        )
    if uid == 0 and spec.driver in CONTAINER_DRIVERS and not spec.force and spec.state != "absent":
        raise SpecError(
            f"the driver {spec.driver} should not be used by root; run as an unprivileged user (become_user) who "
            "is in the group docker, or set force: true"
        )


def _check_size(option: str, value: str | None, minimum: int, words: tuple) -> None:
    if value is None or value in words:
        return
    allowed = f"a size of {minimum}m or more, such as 4096, 4096m or 4g" + "".join(
        f", or {w}" for w in words
    )
    try:
        size = size_mb(value)
    except ValueError:
        raise SpecError(f"{option}: {value!r} is not valid; use {allowed}") from None
    if size < minimum:
        raise SpecError(
            f"{option}: {value} is less than Minikube's minimum of {minimum}m; use {allowed}"
        )


def _version(text: str | None) -> str | None:
    if not text or text in ("stable", "latest"):
        return text or None
    bare = text.removeprefix("v")
    if not re.match(r"^\d+\.\d+(\.\d+(-[0-9A-Za-z.]+)?)?$", bare):
        raise SpecError(
            f"kubernetes_version: {text!r} is not valid; use a version such as v1.35.1, 1.35, stable or latest"
        )
    return f"v{bare}"


def _address(option: str, text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise SpecError(f"{option}: {text!r} is not a valid IP address") from None


def _cni(value: str | None) -> str | None:
    if value is None or value in CNI_NAMES:
        return value
    path = os.path.expanduser(value)
    if "/" not in value:
        raise SpecError(
            f"cni: {value!r} is not valid; use {', '.join(CNI_NAMES)} or the path of a manifest file"
        )
    if not os.access(path, os.R_OK):
        raise SpecError(
            f"cni: the manifest {path} cannot be read on this host; copy it there first"
        )
    return path


def _addon(name: str, value: object) -> Addon:
    if isinstance(value, bool):
        return Addon(value)
    if not isinstance(value, dict) or set(value) - {"enabled", "images", "registries"}:
        raise SpecError(
            f"addons.{name}: use true, false, or a mapping with enabled, images and registries"
        )
    enabled = value.get("enabled", True)
    overrides = {key: value.get(key) or {} for key in ("images", "registries")}
    if not isinstance(enabled, bool) or not all(isinstance(o, dict) for o in overrides.values()):
        raise SpecError(
            f"addons.{name}: enabled is true or false; images and registries are mappings"
        )
    return Addon(enabled, **{k: {n: str(v) for n, v in o.items()} for k, o in overrides.items()})


def _extra_config(values: dict) -> dict[str, str]:
    for key in values:
        component, _dot, name = str(key).partition(".")
        if component not in EXTRA_CONFIG_COMPONENTS or not name:
            raise SpecError(
                f"extra_config: {key!r} is not valid; write COMPONENT.KEY with one of the components "
                + ", ".join(EXTRA_CONFIG_COMPONENTS)
            )
    return {str(k): _scalar(v) for k, v in values.items()}


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _labels(values: dict) -> dict[str, dict[str, str | None]]:
    for node, labels in values.items():
        if not isinstance(labels, dict):
            raise SpecError(
                f"node_labels.{node}: use a mapping of label to value (null removes the label)"
            )
    return {
        n: {k: None if v is None else _scalar(v) for k, v in ls.items()} for n, ls in values.items()
    }


def _taints(values: dict) -> dict[str, list[dict[str, str]]]:
    result = {}
    for node, taints in values.items():
        if not isinstance(taints, list):
            raise SpecError(
                f"node_taints.{node}: use a list of mappings with key, value and effect"
            )
        for taint in taints:
            if (
                not isinstance(taint, dict)
                or set(taint) - {"key", "value", "effect"}
                or not taint.get("key")
            ):
                raise SpecError(f"node_taints.{node}: a taint has key, effect and optionally value")
            if taint.get("effect") not in TAINT_EFFECTS:
                raise SpecError(
                    f"node_taints.{node}: the effect of {taint['key']} is one of {', '.join(TAINT_EFFECTS)}"
                )
        result[node] = [
            {k: _scalar(t[k]) for k in ("key", "value", "effect") if t.get(k) not in (None, "")}
            for t in taints
        ]
    return result
