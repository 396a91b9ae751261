"""What a check says, and how checks are listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slipway.doctor.machine import Machine

OK, WARNING, ERROR = "ok", "warning", "error"

# What this machine is for a lab: it carries container hosts, is the host itself, or only steers.
CARRIES, IS_HOST, STEERS = "carries", "is-host", "steers"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: str
    message: str
    remedy: str = ""
    check: str = ""

    def named(self, check: str) -> Finding:
        """Return the finding with the name of its check."""
        return replace(self, check=check)

    def as_dict(self) -> dict[str, str]:
        """Return it for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Check:
    """A row of the table of checks."""

    name: str
    look: Callable[[Machine], Finding]
    roles: frozenset[str] = frozenset({CARRIES, IS_HOST})


EVERYWHERE = frozenset({CARRIES, IS_HOST, STEERS})
CARRIER = frozenset({CARRIES})


def ok(message: str) -> Finding:
    """Nothing to do."""
    return Finding(OK, message)


def warning(message: str, remedy: str) -> Finding:
    """A lab can be made, but something may surprise."""
    return Finding(WARNING, message, remedy)


def error(message: str, remedy: str) -> Finding:
    """A lab cannot be made."""
    return Finding(ERROR, message, remedy)
