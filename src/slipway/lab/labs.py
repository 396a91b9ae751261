"""The labs of this user: which exist, which are up, and from which inventories. Labs of others are refused."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from slipway.errors import SlipwayError
from slipway.exit_codes import ExitCode
from slipway.lab.project import Project
from slipway.launcher import CommandLine

RECORD = "lab.json"


class ForeignLabError(SlipwayError):
    """The lab belongs to another account."""

    kind = "foreign-lab"
    exit_code = ExitCode.UNFIT


@dataclass(frozen=True)
class KnownLab:
    """A lab that ``up`` made or began to make.

    Args:
        name: Name of the lab.
        is_up: Whether it was made and not removed since.
        inventories: Paths of its inventories; empty when they were not recorded.
        since: Time of the last ``up``, in seconds since the epoch.
    """

    name: str
    is_up: bool
    inventories: tuple[str, ...] = ()
    since: float = 0.0


def check_owner(project: Project) -> None:
    """Check that this account may change a lab.

    An engine that does not answer has no lab that runs. The playbooks check again after they have started it.

    Args:
        project: The lab.

    Raises:
        ForeignLabError: Only another account and root may change it.
    """
    from ansible_collections.slipway.lab.plugins.module_utils.labs.lab import foreign_owner
    from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import (
        EngineSilentError,
        read_labs,
        socket_path,
    )

    name = project.lab
    if project.student.exists():
        raise ForeignLabError(
            f'"{name}" is your place in a class, whose lab belongs to the teacher; nothing was changed',
            f"leave the class with {CommandLine(f' --lab {name}').of('class leave')}, or name a lab of your own",
        )
    try:
        labs = read_labs(socket_path(), name)
    except EngineSilentError:
        return
    for lab in labs:
        if owner := foreign_owner(lab):
            raise ForeignLabError(
                f'the lab "{name}" belongs to {owner}; nothing was changed',
                "choose another name for a lab of your own: --lab NAME",
            )


def record(project: Project) -> None:
    """Record the inventories of a lab, so that its name is enough from now on.

    A lab that another run holds keeps its record, because this run will be refused.
    """
    from slipway.lab.lock import holder_of

    if holder_of(project.state)[1]:
        return
    project.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    inventories = [
        one if "," in one else str(_absolute(one, project)) for one in project.inventories
    ]
    content = {"lab": project.lab, "inventories": inventories, "since": time.time()}
    (project.state / RECORD).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def forget(project: Project) -> None:
    """Forget a lab that was removed."""
    (project.state / RECORD).unlink(missing_ok=True)


def _absolute(inventory: str, project: Project) -> Path:
    path = Path(inventory)
    return path if path.is_absolute() else project.root / path  # Ansible runs in the checkout


def known_labs(states: Path) -> list[KnownLab]:
    """Return the labs of this user, the one that was last brought up first.

    Args:
        states: The directory that holds the state of every lab.
    """
    found = [lab for path in sorted(states.glob("*/")) if (lab := _read(path))]
    return sorted(found, key=lambda lab: -lab.since)


def _read(state: Path) -> KnownLab | None:
    is_up = (state / "kubeconfig").exists() or (state / "report.json").exists()
    try:
        content = json.loads((state / RECORD).read_text(encoding="utf-8"))
        inventories = tuple(str(one) for one in content["inventories"])
        return KnownLab(state.name, is_up, inventories, float(content["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return KnownLab(state.name, is_up) if is_up else None
