"""A lab, as the labels of its containers, networks and volumes describe it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

RUNNING, PARTIAL, STOPPED, REMAINS = "running", "partial", "stopped", "remains"


@dataclass
class Lab:
    """A lab on this machine's engine.

    Attributes:
        name: Name of the lab.
        owner: Account that created it; empty for a lab of a version that recorded none.
        uid: Number of this account.
        created: Time of its oldest object, in seconds since the epoch.
        subnet: Network of its hosts; empty without one.
        hosts: Names of its container hosts.
        running: Names of its running containers.
        stopped: Names of its other containers.
        memory: Bytes of memory that it uses; ``None`` when that was not asked for.
        disk: Bytes of its containers and volumes; ``None`` when that was not asked for.
    """

    name: str
    owner: str = ""
    uid: int | None = None
    created: float = 0.0
    subnet: str = ""
    hosts: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)
    memory: int | None = None
    disk: int | None = None

    @property
    def state(self) -> str:
        """Return ``running``, ``partial``, ``stopped``, or ``remains`` without any container."""
        if self.running:
            return PARTIAL if self.stopped else RUNNING
        return STOPPED if self.stopped else REMAINS

    def as_dict(self) -> dict[str, Any]:
        """Return the lab for results and JSON."""
        return {**asdict(self), "state": self.state}


def foreign_owner(lab: Lab, uid: int | None = None) -> str:
    """Return the account that alone may change a lab; empty when this account may.

    Root may change every lab. A lab without an owner belongs to everyone who may use Docker.

    Args:
        lab: The lab.
        uid: Number of this account.
    """
    me = os.getuid() if uid is None else uid
    if me == 0 or lab.uid in (None, me):
        return ""
    return f"{lab.owner} (uid {lab.uid})" if lab.owner else f"uid {lab.uid}"


def number(labels: Mapping[str, str], name: str) -> int | None:
    """Return the value of a label as a number; ``None`` without one."""
    text = labels.get(name, "")
    return int(text) if text.isdigit() else None
