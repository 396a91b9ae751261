"""Show a run while it proceeds: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import Protocol

from rich.console import Console

from slipway.lab.phases import Change, Phases
from slipway.lab.progress import Step
from slipway.lab.run_state import Run
from slipway.output.console import is_live
from slipway.output.live_view import LiveView
from slipway.output.plain_view import PlainView
from slipway.output.raw_view import RawView


class View(Protocol):
    """The events of a run that a view shows. Times are seconds of a monotonic clock."""

    def begin(self, board: Phases) -> None:
        """Start to show a command.

        Args:
            board: The phases of all its playbooks.
        """

    def change(self, change: Change, now: float) -> None:
        """Show a change of a phase, a task or an artifact."""

    def step(self, step: Step, host: str, now: float) -> None:
        """Show the progress of a long module."""

    def tick(self, run: Run, now: float) -> None:
        """Show that time passes."""

    def output(self, text: str) -> None:
        """Show Ansible's own output."""

    def stopping(self) -> None:
        """Show that the run is being stopped."""

    def end(self) -> None:
        """Show the last state."""


def create_view(console: Console, raw: bool) -> View:
    """Return the view that suits the console.

    Args:
        console: Where to print.
        raw: Show Ansible's own output instead of progress.
    """
    if raw:
        return RawView(console)
    return LiveView(console) if is_live(console) else PlainView(console)
