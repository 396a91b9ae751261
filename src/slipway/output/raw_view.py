"""Show Ansible's own output, for ``--verbose`` and ``--diff``."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from slipway.lab.phases import Change, Phases
from slipway.lab.progress import Step
from slipway.lab.run_state import Run

LINE_STYLES = (
    ("changed:", "yellow"),
    ("ok:", "green"),
    ("skipping:", "cyan"),
    ("fatal:", "red"),
    ("failed:", "red"),
    ("[WARNING]", "magenta"),
    ("[ERROR]", "red"),
    ("+", "green"),
    ("-", "red"),
)


class RawView:
    """Print Ansible's output, and the progress of modules, which Ansible does not print."""

    def __init__(self, console: Console):
        self._console = console

    def begin(self, board: Phases) -> None:
        """Leave it to Ansible's output."""

    def change(self, change: Change, now: float) -> None:
        """Leave it to Ansible's output."""

    def step(self, step: Step, host: str, now: float) -> None:
        """Print the progress of a long module."""
        self._console.print(f"  {host or step.task}: {step.text}", style="dim", markup=False)

    def tick(self, run: Run, now: float) -> None:
        """Leave it to Ansible's output."""

    def output(self, text: str) -> None:
        """Print Ansible's output in Ansible's colours."""
        for line in text.splitlines():
            style = next((style for start, style in LINE_STYLES if line.startswith(start)), "")
            self._console.print(Text(line, style=style), soft_wrap=True)

    def stopping(self) -> None:
        """Report that the run is being stopped."""
        self._console.print("stopping ...")

    def end(self) -> None:
        """Leave it to Ansible's recap."""


class SilentView(RawView):
    """Show nothing, for runs that take a moment."""

    def step(self, step: Step, host: str, now: float) -> None:
        """Leave it out."""

    def output(self, text: str) -> None:
        """Leave it out."""
