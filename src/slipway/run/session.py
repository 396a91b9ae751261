"""Run the playbooks of one command on a lab."""

from __future__ import annotations

import time
from collections.abc import Sequence

from slipway.lab.project import Project
from slipway.output.console import error_console
from slipway.output.view import create_view
from slipway.run.board import Board
from slipway.run.hold import hold_lab
from slipway.run.outcome import Options, Result
from slipway.run.playbook_runner import PlaybookRunner, playbook_command, shown
from slipway.run.preflight import create_doctor_phase, run_preflight


class Session:
    """Runs playbooks on a lab that it holds.

    Args:
        project: The lab.
        command: Name of the command, such as ``up``.
        options: The user's options.
    """

    # Run the next playbook although one failed.
    continues_after_failure = False

    def __init__(self, project: Project, command: str, options: Options):
        self.project = project
        self.command = command
        self.options = options
        self.console = error_console()
        self.console.quiet = options.quiet  # until there is a result or an error
        self.result = Result()

    def run(self, playbooks: Sequence[str], preflight: bool) -> Result:
        """Run playbooks in order, as phases of one table.

        Args:
            playbooks: Names of the playbooks.
            preflight: Examine the machine first, and change nothing when it cannot run a lab.

        Raises:
            LabBusyError: Another run holds the lab.
        """
        began = time.monotonic()
        arguments = self.options.arguments
        doctor = create_doctor_phase()
        line = shown(playbook_command(self.project, playbooks[-1], arguments))
        with hold_lab(self.project, self.command, line, self.console) as hold:
            self.result.log = hold.log_path
            view = create_view(self.console, self.options.raw)
            first = [doctor] if preflight else []
            board = Board(self.project, self.command, playbooks, arguments, first)
            view.begin(board)
            try:
                if not preflight or run_preflight(
                    self.project, self.options, doctor, view, self.console, self.result
                ):
                    runner = PlaybookRunner(self.project, hold.run, hold.log, view, hold.work)
                    self._play(playbooks, board, runner)
            finally:
                view.end()
            self.result.phases = board.phases
            if not self.options.check:
                board.remember()
        self.result.seconds = time.monotonic() - began
        return self.result

    def _play(self, playbooks: Sequence[str], board: Board, runner: PlaybookRunner) -> None:
        for name, run in zip(playbooks, board.runs, strict=True):
            self.result.playbook = name
            outcome = runner.play(name, self.options.arguments, run)
            self.result.add(outcome, run.changed, self.project.root, self.options.lines)
            if outcome.interrupted or not (outcome.ok or self.continues_after_failure):
                return
