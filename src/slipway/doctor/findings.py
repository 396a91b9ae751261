"""The results of checks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Args:
        level: ``ok``, ``warning`` or ``error``.
        message: What was found.
        remedy: What to do about it.
        check: Name of the check.
    """

    level: str
    message: str
    remedy: str = ""
    check: str = ""

    def named(self, check: str) -> Finding:
        """Return a copy that carries the name of its check."""
        return replace(self, check=check)

    def as_dict(self) -> dict[str, str]:
        """Return the finding for JSON."""
        return asdict(self)


def ok(message: str) -> Finding:
    """Return a finding that needs no action."""
    return Finding(OK, message)


def warning(message: str, remedy: str) -> Finding:
    """Return a finding that does not prevent a lab, but may cause trouble later."""
    return Finding(WARNING, message, remedy)


def error(message: str, remedy: str) -> Finding:
    """Return a finding that prevents a lab."""
    return Finding(ERROR, message, remedy)
