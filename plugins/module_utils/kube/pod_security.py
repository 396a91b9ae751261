"""Judge pods by the profile ``restricted`` of the Pod Security Standards, and fill in what it asks for.

All functions take the spec of a pod in the form of the API.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Fields of a security context, and the values that they may have if they are set.
ALLOWED = {
    ("privileged",): (False,),
    ("procMount",): ("Default",),
    ("runAsNonRoot",): (True,),
    ("seccompProfile", "type"): ("RuntimeDefault", "Localhost"),
    ("appArmorProfile", "type"): ("RuntimeDefault", "Localhost"),
    ("seLinuxOptions", "type"): (
        "",
        "container_t",
        "container_init_t",
        "container_kvm_t",
        "container_engine_t",
    ),
    ("seLinuxOptions", "user"): ("",),
    ("seLinuxOptions", "role"): ("",),
    ("windowsOptions", "hostProcess"): (False,),
}
CAPABILITIES = ("NET_BIND_SERVICE",)
VOLUMES = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
)
SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
)
POD_DEFAULTS = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
CONTAINER_DEFAULTS = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
LISTS = ("initContainers", "containers")


def restricted(spec: dict) -> dict:
    """Return the pod with what the profile asks for, wherever the pod has no value of its own."""
    filled = {**spec, "securityContext": _filled(spec.get("securityContext"), POD_DEFAULTS)}
    for name in LISTS:
        if _members(spec, name):
            filled[name] = [
                {**one, "securityContext": _filled(one.get("securityContext"), CONTAINER_DEFAULTS)}
                for one in _members(spec, name)
            ]
    return filled


def declares_non_root(spec: dict) -> bool:
    """Return whether the pod declares that no container runs as root, so that its images allow the profile."""
    pod = _context(spec)
    contexts = [{**pod, **_context(one)} for one in _containers(spec)]
    return bool(contexts) and all(
        context.get("runAsUser") != 0
        and (bool(context.get("runAsUser")) or context.get("runAsNonRoot") is True)
        for context in contexts
    )


def violations(spec: dict) -> list[str]:
    """Return what keeps the pod from the profile; empty if the profile admits it."""
    pod = _context(spec)
    found = [*_host(spec), *_unsafe_context("the pod", pod)]
    found += [
        f"the pod: the sysctl {one.get('name')} is not safe"
        for one in _members(pod, "sysctls")
        if one.get("name") not in SYSCTLS
    ]
    for container in _containers(spec):
        where, own = f"container {container.get('name')}", _context(container)
        found += _unsafe_context(where, own)
        found += _missing(where, {**pod, **own}, own)
        found += _host_access(where, container)
    return found


def _filled(given: Any, defaults: dict) -> dict:
    context = _mapping(given)
    filled = {**defaults, **{name: value for name, value in context.items() if value is not None}}
    if "capabilities" in defaults:
        filled["capabilities"] = {
            **defaults["capabilities"],
            **_mapping(context.get("capabilities")),
        }
    return filled


def _mapping(value: Any) -> dict:
    # raw fields of users may have any type; the API server refuses the wrong ones
    return value if isinstance(value, dict) else {}


def _members(value: dict, name: str) -> list[dict]:
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _containers(spec: dict) -> list[dict]:
    return [one for name in LISTS for one in _members(spec, name)]


def _context(described: dict) -> dict:
    return _mapping(described.get("securityContext"))


def _at(context: dict, path: tuple[str, ...]) -> Any:
    value: Any = context
    for step in path:
        value = _mapping(value).get(step)
    return value


def _host(spec: dict) -> Iterator[str]:
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(name):
            yield f"the pod: {name} is set"
    for volume in _members(spec, "volumes"):
        for source in sorted(set(volume) - {"name", *VOLUMES}):
            yield f"volume {volume.get('name')}: {source} is not allowed"


def _unsafe_context(where: str, context: dict) -> Iterator[str]:
    for path, allowed in ALLOWED.items():
        value = _at(context, path)
        if value is not None and value not in allowed:
            yield f"{where}: {'.'.join(path)} is {value}"
    if context.get("runAsUser") == 0:
        yield f"{where}: runAsUser is 0"


def _missing(where: str, effective: dict, own: dict) -> Iterator[str]:
    if effective.get("runAsNonRoot") is None:
        yield f"{where}: runAsNonRoot is not true"
    if _at(effective, ("seccompProfile", "type")) is None:
        yield f"{where}: seccompProfile is not set"
    if own.get("allowPrivilegeEscalation") is not False:
        yield f"{where}: allowPrivilegeEscalation is not false"
    capabilities = _mapping(own.get("capabilities"))
    if "ALL" not in (capabilities.get("drop") or []):
        yield f"{where}: capabilities.drop does not have ALL"
    for name in capabilities.get("add") or []:
        if name not in CAPABILITIES:
            yield f"{where}: capabilities.add has {name}"


def _host_access(where: str, container: dict) -> Iterator[str]:
    for port in _members(container, "ports"):
        if port.get("hostPort"):
            yield f"{where}: hostPort {port['hostPort']} is set"
    hooks = _mapping(container.get("lifecycle")).values()
    probes = [container.get(f"{name}Probe") for name in ("readiness", "liveness", "startup")]
    for action in map(_mapping, [*hooks, *probes]):
        for kind in ("httpGet", "tcpSocket"):
            if _at(action, (kind, "host")):
                yield f"{where}: {kind} has a host"
