"""The state of the Docker daemon, and the lab's objects in it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ansible_collections.slipway.lab.plugins.module_utils.common.docker_socket import (
    SocketErrors,
    read_docker,
)
from slipway.doctor.docker_endpoint import docker_endpoint


@dataclass(frozen=True)
class DockerState:
    """The state of the daemon; ``problem`` is the reason when it did not answer.

    ``kind`` names an engine that cannot run container hosts: ``Podman``, ``rootless``, ``userns``,
    ``snap``, or ``outside`` of this machine.
    ``elsewhere`` is the command that makes ``docker`` use this machine's engine again; it is empty
    when ``docker`` uses it.
    """

    version: str = ""
    root: str = ""
    problem: str = ""
    denied: bool = False
    elsewhere: str = ""
    kind: str = ""
    containers: list[dict[str, Any]] = field(default_factory=list)
    networks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def running(self) -> bool:
        """Return whether a daemon answered."""
        return bool(self.version)

    @property
    def live(self) -> list[dict[str, Any]]:
        """Return the lab's running containers."""
        return [one for one in self.containers if one.get("State") == "running"]

    @property
    def serves(self) -> bool:
        """Return whether a server of the lab runs, and not only hosts."""
        return any((one.get("Labels") or {}).get("slipway.role") != "host" for one in self.live)

    @property
    def stopped(self) -> list[dict[str, Any]]:
        """Return the lab's containers that are not running."""
        return [one for one in self.containers if one.get("State") != "running"]


def docker_state(environ: Mapping[str, str], lab: str) -> DockerState:
    """Return the state of Docker's daemon and the lab's objects in it.

    Args:
        environ: Environment variables of the user, for Docker's own settings.
        lab: Value of the label ``slipway`` on the lab's containers and networks.
    """
    endpoint = docker_endpoint(environ)
    path = endpoint.path
    # Tasks with become and Ansible's own modules know no context of the user.
    if not path or endpoint.origin.startswith("the context"):
        problem = f"{endpoint.origin} leads to {endpoint.address}"
        return DockerState(problem=problem, elsewhere=endpoint.remedy)
    label = quote(json.dumps({"label": [f"slipway={lab}"]}))
    try:
        version, info = read_docker(path, "/version"), read_docker(path, "/info")
        return DockerState(
            version=version["Version"],
            root=info.get("DockerRootDir", ""),
            kind=_kind(version, info),
            containers=read_docker(path, f"/containers/json?all=1&filters={label}"),
            networks=read_docker(path, f"/networks?filters={label}"),
        )
    except PermissionError:
        return DockerState(problem=f"no permission for {path}", denied=True)
    except (*SocketErrors, LookupError) as problem:
        if not endpoint.is_default:
            # up would start the system's engine, and the command docker would still look elsewhere
            text = f"{endpoint.origin} leads to {endpoint.address}, where nothing answers"
            return DockerState(problem=text, elsewhere=endpoint.remedy)
        return DockerState(problem=str(problem) or type(problem).__name__)


def _kind(version: dict[str, Any], info: dict[str, Any]) -> str:
    components = [str(one.get("Name")) for one in version.get("Components") or []]
    if any("podman" in name.lower() for name in components):
        return "Podman"
    options = [str(option).split(",")[0] for option in info.get("SecurityOptions") or []]
    for kind in ("rootless", "userns"):
        if f"name={kind}" in options:
            return kind
    root = str(info.get("DockerRootDir") or "")
    if root.startswith("/var/snap/"):
        return "snap"
    desktop = "Docker Desktop" in str(info.get("OperatingSystem"))
    return "outside" if desktop or (root and _is_missing(root)) else ""


def _is_missing(path: str) -> bool:
    """Return whether this machine has no such path; a path that this user may not see counts as there."""
    try:
        os.stat(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False
