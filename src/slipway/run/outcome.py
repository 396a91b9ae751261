"""The options and the result of a command that changes a lab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slipway.doctor import has_errors
from slipway.doctor.findings import OK, Finding
from slipway.exit_codes import ExitCode
from slipway.lab.failures import Explanation, explain
from slipway.lab.phases import Failure, Phase, visible
from slipway.launcher import CommandLine

PARTIAL_FLAGS = frozenset({"--tags", "--skip-tags", "--limit", "--start-at-task"})


@dataclass
class Options:
    """The user's options, besides the name of the command.

    Attributes:
        arguments: Arguments of ansible-playbook.
        raw: Show Ansible's own output.
        lines: Writes command lines for the lab.
        repeated: The command line that repeats this run; empty for the command alone.
        result_file: JSON file below the lab's state directory that the playbook writes; its keys become part of the
            result, and its ``summary`` is printed last.
    """

    arguments: list[str] = field(default_factory=list)
    as_json: bool = False
    raw: bool = False
    check: bool = False
    quiet: bool = False
    lines: CommandLine = field(default_factory=CommandLine)
    repeated: str = ""
    result_file: str = ""

    @property
    def partial(self) -> bool:
        """Return whether the user left out phases or hosts, so that no ready lab can be expected."""
        return bool(PARTIAL_FLAGS & set(self.arguments))


@dataclass(frozen=True)
class Outcome:
    """The end of a playbook's run."""

    ok: bool
    interrupted: bool
    failures: list[Failure]


@dataclass
class Result:
    """The result of the command.

    Attributes:
        playbook: Name of the playbook that ran last.
    """

    playbook: str = "site"
    code: int = ExitCode.OK
    seconds: float = 0.0
    changed: int = 0
    phases: list[Phase] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    failures: list[Explanation] = field(default_factory=list)
    log: Path | None = None

    def add(self, outcome: Outcome, changed: int, root: Path, lines: CommandLine) -> None:
        """Add the end of a playbook.

        Args:
            outcome: The end of the playbook.
            changed: Number of its changes.
            root: The project's directory.
            lines: Writes the commands that the advice names.
        """
        self.changed += changed
        self.failures += [explain(one, root, lines) for one in outcome.failures]
        if not outcome.ok:
            self.code = ExitCode.INTERRUPTED if outcome.interrupted else ExitCode.FAILED

    def add_findings(self, findings: list[Finding]) -> bool:
        """Add the findings of the preflight; return whether the machine can run a lab."""
        self.findings = findings
        fit = not has_errors(findings)
        if not fit:
            self.code = ExitCode.UNFIT
        return fit

    def as_dict(self) -> dict[str, Any]:
        """Return the result for JSON."""
        return {
            "ok": self.code == ExitCode.OK,
            "changed": self.changed,
            "seconds": round(self.seconds, 2),
            "phases": phases_json(visible(self.phases)),
            "findings": [one.as_dict() for one in self.findings if one.level != OK],
            "failures": [one.as_dict() for one in self.failures],
            "log": str(self.log) if self.log else None,
        }


def phases_json(phases: Sequence[Phase]) -> list[dict[str, Any]]:
    """Return phases for programs; times in seconds."""
    return [
        {
            "id": phase.id,
            "title": phase.title,
            "state": phase.state,
            "seconds": round(phase.seconds, 2),
            "tasks": phase.tasks,
            "changed": phase.changed,
        }
        for phase in phases
    ]
