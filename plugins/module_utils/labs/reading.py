"""Read the labs of an engine from its labels."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ansible_collections.slipway.lab.plugins.module_utils.common.docker_socket import (
    SOCKET,
    SocketErrors,
    read_docker,
)
from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.labs.lab import (
    Lab,
    foreign_owner,
    number,
)
from ansible_collections.slipway.lab.plugins.module_utils.labs.labels import (
    HOST,
    IMAGE,
    LAB,
    OWNER,
    UID,
)
from ansible_collections.slipway.lab.plugins.module_utils.labs.usage import resident, sizes

# Measuring volumes reads all their files.
SLOW = 120.0
STATES_OF_PROCESSES = ("running", "paused", "restarting")


class EngineSilentError(SlipwayError):
    """The engine does not answer."""


class EngineDeniedError(EngineSilentError):
    """The engine does not answer this user."""


def socket_path(environ: Mapping[str, str] = os.environ) -> str:
    """Return the path of the engine's socket."""
    host = environ.get("DOCKER_HOST", "")
    return host.removeprefix("unix://") if host.startswith("unix://") else SOCKET


def read_labs(path: str, name: str = "", usage: bool = False) -> list[Lab]:
    """Return the labs of an engine in the order of their names.

    Args:
        path: Path of the engine's socket.
        name: Name of the only lab to read. By default all.
        usage: Measure memory and disk, which takes seconds.

    Raises:
        EngineSilentError: The engine cannot be asked.
    """
    chosen = quote(json.dumps({"label": [f"{LAB}={name}" if name else LAB]}))
    try:
        containers = read_docker(path, f"/containers/json?all=1&filters={chosen}")
        networks = read_docker(path, f"/networks?filters={chosen}")
        volumes = read_docker(path, f"/volumes?filters={chosen}").get("Volumes") or []
        labs = group(containers, networks, volumes)
        if usage:
            _measure(path, labs, containers)
    except PermissionError as problem:
        raise EngineDeniedError(
            f"this user has no access to Docker ({path}); add the user to the group docker, or run this as root"
        ) from problem
    except (*SocketErrors, KeyError, TypeError, AttributeError) as problem:
        raise EngineSilentError(
            f"Docker does not answer on {path} ({str(problem) or type(problem).__name__}); start it"
        ) from problem
    return [labs[key] for key in sorted(labs)]


def describe_labs(path: str, name: str = "", usage: bool = False) -> list[dict[str, Any]]:
    """Return the labs as data; takes and raises the same as :func:`read_labs`."""
    return [
        {**lab.as_dict(), "foreign_owner": foreign_owner(lab)}
        for lab in read_labs(path, name, usage)
    ]


def group(
    containers: list[dict[str, Any]],
    networks: list[dict[str, Any]],
    volumes: list[dict[str, Any]],
) -> dict[str, Lab]:
    """Return the labs by name, from what the engine lists.

    Args:
        containers: The containers.
        networks: The networks.
        volumes: The volumes.
    """
    labs: dict[str, Lab] = {}
    for one in containers:
        lab = _add(labs, one, float(one["Created"]))
        alive = one["State"] in STATES_OF_PROCESSES
        (lab.running if alive else lab.stopped).append(one["Names"][0].removeprefix("/"))
        if HOST in one["Labels"]:
            lab.hosts.append(one["Labels"][HOST])
    for one in networks:
        lab = _add(labs, one, _seconds(one["Created"]))
        lab.subnet = next((part["Subnet"] for part in one["IPAM"]["Config"] or []), "")
    for one in volumes:
        _add(labs, one, _seconds(one["CreatedAt"])).volumes.append(one["Name"])
    labs.pop(IMAGE, None)
    for lab in labs.values():
        for names in (lab.hosts, lab.running, lab.stopped, lab.volumes):
            names.sort()
    return labs


def _add(labs: dict[str, Lab], entry: dict[str, Any], created: float) -> Lab:
    """Return the lab of an object, after adding the object's age and owner to it."""
    labels = entry["Labels"]
    lab = labs.setdefault(labels[LAB], Lab(labels[LAB], created=created))
    lab.created = min(lab.created, created)
    uid = number(labels, UID)
    if lab.uid is None and uid is not None:
        lab.uid, lab.owner = uid, labels.get(OWNER, "")
    return lab


def _seconds(text: str) -> float:
    # Docker writes nanoseconds, which Python before 3.11 does not read.
    whole, _, rest = text.partition(".")
    zone = rest.lstrip("0123456789") if rest else ""
    return datetime.fromisoformat((whole + zone).replace("Z", "+00:00")).timestamp()


def _measure(path: str, labs: dict[str, Lab], containers: list[dict[str, Any]]) -> None:
    """Set memory and disk of each lab."""
    processes: dict[str, list[int]] = {}
    for one in containers:
        if one["State"] in STATES_OF_PROCESSES:
            details = read_docker(path, f"/containers/{one['Id']}/json")
            processes.setdefault(one["Labels"][LAB], []).append(details["State"]["Pid"])
    disk = sizes(read_docker(path, "/system/df", SLOW))
    for name, lab in labs.items():
        lab.memory = resident(processes.get(name, ()))
        lab.disk = disk.get(name, 0)
