"""Check a declared state for values that Minikube rejects, before anything is changed."""

from __future__ import annotations

import ipaddress
import re

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import CONTAINER_DRIVERS
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import parse_address
from ansible_collections.slipway.lab.plugins.module_utils.minikube.sizes import UNLIMITED, size_mb
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    Desired,
)

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
MINIMUM_MEMORY_MB = 1800  # cmd/minikube/cmd/start_flags.go: minUsableMem
MINIMUM_DISK_MB = 2000  # minimumDiskSize
MINIMUM_CPUS = 2  # minimumCPUS


def check_spec(spec: Desired, uid: int) -> None:
    """Check all options together.

    Args:
        spec: The declared state.
        uid: User id that minikube runs as.

    Raises:
        SpecError: A value is wrong, or two options exclude each other.
    """
    _check_name(spec.profile)
    _check_nodes(spec)
    _check_resources(spec)
    _check_published(spec)
    _check_user(spec, uid)


def _check_name(name: str) -> None:
    if len(name) < 2 or not PROFILE_NAME.match(name) or name.lower() in RESERVED_NAMES:
        raise SpecError(
            f"profile: {name!r} is not valid; use 2 or more letters, digits and dashes, starting and ending with a "
            f"letter or digit, and none of {', '.join(RESERVED_NAMES)}"
        )


def _check_nodes(spec: Desired) -> None:
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


def _check_resources(spec: Desired) -> None:
    _check_size("memory", spec.memory, MINIMUM_MEMORY_MB, ("max", UNLIMITED))
    _check_size("disk_size", spec.disk_size, MINIMUM_DISK_MB, ())
    counted = spec.cpus is not None and spec.cpus not in ("max", UNLIMITED)
    if counted and (not spec.cpus.isdigit() or int(spec.cpus) < MINIMUM_CPUS):
        raise SpecError(
            f"cpus: {spec.cpus!r} is not valid; use a number from {MINIMUM_CPUS}, max or {UNLIMITED}"
        )


def _check_published(spec: Desired) -> None:
    if spec.listen_address is not None:
        parse_address("listen_address", spec.listen_address)
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


def _check_user(spec: Desired, uid: int) -> None:
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
