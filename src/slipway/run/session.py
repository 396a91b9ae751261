"""One command that changes a lab: lock, log, preflight, playbooks, result."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slipway import __version__
from slipway.doctor import examine, has_errors
from slipway.doctor.findings import OK as FINDING_OK
from slipway.doctor.findings import Finding
from slipway.doctor.machine import Machine
from slipway.exit_codes import ExitCode
from slipway.lab.failures import Explanation, explain, resume_command
from slipway.lab.format import count, duration, short_path
from slipway.lab.history import recall, remember
from slipway.lab.lock import LabLock
from slipway.lab.phases import FAILED, OK, Phase, Run, plan
from slipway.lab.project import Project
from slipway.output.status import (
    empty_status,
    findings_summary,
    phase_line,
    phases_json,
    read_status,
    show_failure,
    show_findings,
    show_status,
)
from slipway.output.views import error_console, log_path, make_view, result_console
from slipway.run.playbook_runner import Engine, end_run, playbook_command, shown

LOGS_KEPT = 30
# Where Ansible's own reason begins when it did not get as far as a task.
ERROR_LINE = re.compile(r"^\[ERROR\]|^ERROR!|: error: ")


@dataclass
class Options:
    """What the user asked for, besides the command."""

    arguments: list[str] = field(default_factory=list)
    as_json: bool = False
    raw: bool = False
    check: bool = False
    launcher: str = "./slipway"
    quiet: bool = False


@dataclass
class Result:
    """What became of it."""

    code: int = ExitCode.OK
    seconds: float = 0.0
    changed: int = 0
    phases: list[Phase] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    failures: list[Explanation] = field(default_factory=list)
    log: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "ok": self.code == ExitCode.OK,
            "changed": self.changed,
            "seconds": round(self.seconds, 2),
            "phases": phases_json(self.phases),
            "findings": [one.as_dict() for one in self.findings if one.level != FINDING_OK],
            "failures": [one.as_dict() for one in self.failures],
            "log": str(self.log) if self.log else None,
        }


class Session:
    """Runs playbooks on a lab that it holds.

    :param project: the lab.
    :param command: name of the command, such as ``up``.
    :param options: what the user asked for.
    """

    def __init__(self, project: Project, command: str, options: Options):
        self.project = project
        self.command = command
        self.options = options
        self.console = error_console()
        self.console.quiet = options.quiet  # until there is a result or an error
        self.view = make_view(self.console, options.raw)
        self.result = Result()

    def run(self, playbooks: Sequence[str], preflight: bool) -> Result:
        """Run playbooks in order, as phases of one table.

        :param playbooks: names; a teardown before others is shown as one phase.
        :param preflight: examine the machine before, and change nothing when it is unfit.
        :raises slipway.lab.lock.LabBusyError: another run holds the lab.
        """
        began = time.monotonic()
        with LabLock(self.project.state, self.project.lab, f"slipway {self.command}") as lock:
            runs = [self._plan(name) for name in playbooks]
            doctor = [Phase("doctor", "Examine this machine")] if preflight else []
            self.result.phases = doctor + [phase for run in runs for phase in run.phases]
            recall(self.project.state, self.command, self.result.phases)
            work = self.project.state / "work"
            shutil.rmtree(work, ignore_errors=True)  # a run that was killed left its files
            work.mkdir(mode=0o700)
            for run in runs:
                run.board = self.result.phases
            with self._log() as log:
                self._header(playbooks[-1], lock)
                self.view.begin(runs[0])
                try:
                    if not preflight or self._preflight(doctor[0], runs[0]):
                        engine = Engine(self.project, lock.run, log, self.view, work)
                        self._play(playbooks, runs, engine)
                finally:
                    self.view.end(runs[-1])
            if not self.options.check:
                remember(self.project.state, self.command, self.result.phases)
        self.result.seconds = time.monotonic() - began
        return self.result

    def _plan(self, name: str) -> Run:
        phases = plan(self.project.playbook(name))
        if name == "teardown" and self.command != "down":
            plays = [play for phase in phases for play in phase.plays]
            phases = [Phase("down", "Remove the lab", plays=plays)]
        return Run(phases)

    @contextmanager
    def _log(self) -> Iterator[Any]:
        path = log_path(self.project.state, self.command)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in sorted(path.parent.glob("*.log"))[:-LOGS_KEPT]:
            old.unlink(missing_ok=True)
        self.result.log = path
        path.touch(mode=0o600)
        with path.open("w", encoding="utf-8") as log:
            yield log

    def _header(self, playbook: str, lock: LabLock) -> None:
        command = shown(playbook_command(self.project, playbook, self.options.arguments))
        lab = f'lab "{self.project.lab}"'
        self.console.print(f" [bold]slipway {self.command}[/bold]  [dim]{__version__}  {lab}[/dim]")
        for line in (command, f"log: {short_path(self.result.log or '')}"):
            self.console.print(f" {line}", style="dim", markup=False, soft_wrap=True)
        if lock.dead:
            ended = end_run(lock.dead.run)
            rest = f"; ended {count(ended, 'process', 'processes')} of it" if ended else ""
            self.console.print(
                f" [yellow]{lock.dead.command} of {lock.dead.started} was cut off[/yellow]"
                f"{rest}; going on from there"
            )
        self.console.print()

    def _preflight(self, phase: Phase, run: Run) -> bool:
        phase.begin(time.monotonic())
        run.current = phase
        self.view.changed("phase", run, time.monotonic())
        machine = Machine(self.project, arguments=tuple(self.options.arguments))
        findings = self.result.findings = examine(machine)
        phase.title = findings_summary(findings)
        fit = not has_errors(findings)
        phase.end(OK if fit else FAILED, time.monotonic())
        run.current = None
        self.view.changed("stats", run, time.monotonic())
        self.console.quiet = self.options.quiet and fit
        show_findings(self.console, [one for one in findings if one.level != FINDING_OK])
        if not fit:
            self.result.code = ExitCode.UNFIT
        return fit

    def _play(self, playbooks: Sequence[str], runs: Sequence[Run], engine: Engine) -> None:
        for name, run in zip(playbooks, runs, strict=True):
            outcome = engine.play(name, self.options.arguments, run)
            self.result.changed += run.changed
            if not outcome.ok:
                self.result.code = ExitCode.INTERRUPTED if outcome.interrupted else ExitCode.FAILED
                self.result.failures = [
                    explain(failure, self.project.root) for failure in run.final_failures
                ]
                return

    def conclude(self) -> int:
        """Tell the result, and return the exit code."""
        result, options = self.result, self.options
        self.console.quiet = False
        status = empty_status(self.project)
        made = self.command != "down" and not options.check and result.code == ExitCode.OK
        if made:
            status = read_status(self.project)
        if result.code != ExitCode.OK:
            self._tell_trouble()
        elif made and not status["ready"] and not self._partial:
            result.code = ExitCode.FAILED
        if options.as_json:
            print(json.dumps({**status, **result.as_dict()}, indent=2))
        elif result.code == ExitCode.OK or made:
            self._tell_end(status if made else None)
        return result.code

    @property
    def _partial(self) -> bool:
        """Whether the user left out phases or hosts, so that no ready lab may be expected."""
        chosen = {"--tags", "--skip-tags", "--limit", "--start-at-task"}
        return bool(chosen & set(self.options.arguments))

    def _tell_trouble(self) -> None:
        result, launcher = self.result, self.options.launcher
        again = f"{launcher} {self.command}"
        if result.code == ExitCode.UNFIT:
            self.console.print(" [bold red]not started[/bold red]: nothing was changed\n")
        elif result.code == ExitCode.INTERRUPTED:
            self.console.print(f" [yellow]interrupted[/yellow]: {again} goes on from here\n")
        for failure in result.failures:
            line = playbook_command(self.project, "site", self.options.arguments)
            assert result.log is not None
            show_failure(
                self.console, failure, result.log, again, shown(resume_command(line, failure.task))
            )
        if result.code == ExitCode.FAILED and not result.failures and result.log:
            self._tell_silent_failure(result.log)

    def _tell_silent_failure(self, log: Path) -> None:
        lines = log.read_text(encoding="utf-8").splitlines()
        first = next((n for n, line in enumerate(lines) if ERROR_LINE.search(line)), -12)
        self.console.print(" [bold red]failed[/bold red] before any task")
        for line in lines[first:][:12]:
            self.console.print(f"   {line}", markup=False, style="dim", soft_wrap=True)
        self.console.print(f" log  {short_path(log)}\n", markup=False, soft_wrap=True)

    def _tell_end(self, status: dict[str, Any] | None) -> None:
        console, result = result_console(), self.result
        if status is not None:
            show_status(console, status, self.options.launcher)
            if not status["ready"]:
                console.print(" the playbooks ended well, but no ready lab was reported")
        verb = "would change" if self.options.check else "changed"
        console.print(phase_line(result.phases))
        done = {"down": "removed"}.get(self.command, "done")
        console.print(f" {done} in {duration(result.seconds)}, {result.changed} {verb}")
