"""The parts of a plan: actions, changed settings, and the refusal of a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError


@dataclass(frozen=True)
class Action:
    """One step. ``subject`` is a node or an addon; ``text`` describes the step and its reason."""

    kind: str
    text: str
    subject: str = ""
    data: Any = field(default=None, compare=False, hash=False)

    @property
    def key(self) -> tuple[str, str]:
        """Return the identity of the action, by which a repeated action is recognized."""
        return self.kind, self.subject


@dataclass
class Change:
    """A setting whose observed value differs from the declared one."""

    option: str
    before: Any
    after: Any

    def __str__(self) -> str:
        """Return the change as ``option: before -> after``."""
        return f"{self.option}: {_text(self.before)} -> {_text(self.after)}"


class Refusal(SlipwayError):
    """The declared state cannot be reached without losing something, or not at all."""

    def __init__(self, message: str, changes: list[Change] = ()):
        self.changes = list(changes)
        super().__init__(message, changes_refused=[vars(change) for change in self.changes])


def list_changes(changes: list[Change]) -> str:
    """Return changes as one line."""
    return "; ".join(str(change) for change in changes)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, dict):
        return ", ".join(f"{k}={v}" for k, v in sorted(value.items())) or "none"
    return str(value) if value not in (None, "") else "none"
