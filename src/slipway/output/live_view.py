"""Show a run as a table of its phases that is redrawn in place."""

from __future__ import annotations

import time

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from slipway.lab.format import duration
from slipway.lab.phases import RUNNING, WAITING, Change, Phase, Phases, visible
from slipway.lab.progress import LatestSteps, Step
from slipway.lab.run_state import Run
from slipway.output.console import SIGNS, STYLES, signs
from slipway.output.phase_text import STOPPING, activity, counts, last_duration


class LiveView:
    """Draw all phases in a table; running ones with their tasks and progress."""

    def __init__(self, console: Console):
        self._run: Run | None = None
        self._board: Phases | None = None
        self._signs = signs(console)
        self._spinner = Spinner("dots" if self._signs is SIGNS else "line", style="cyan")
        self._steps = LatestSteps()
        self._stopping = False
        self._live = Live(
            console=console,
            get_renderable=self.draw,
            refresh_per_second=8,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def begin(self, board: Phases) -> None:
        """Start to draw."""
        self._board = board
        self._live.start()

    def change(self, change: Change, now: float) -> None:
        """Leave it to the next drawing."""

    def step(self, step: Step, host: str, now: float) -> None:
        """Keep the step for the next drawing."""
        self._steps.add(step, host, now)

    def tick(self, run: Run, now: float) -> None:
        """Keep the run, whose tasks are drawn."""
        self._run = run

    def output(self, text: str) -> None:
        """Leave it to the log file."""

    def stopping(self) -> None:
        """Show it in the rows of the running phases."""
        self._stopping = True

    def end(self) -> None:
        """Draw the last state, which stays on the screen."""
        self._steps.clear()
        if self._live.is_started:
            self._live.stop()

    def draw(self) -> RenderableType:
        """Return the table as of now."""
        now = time.monotonic()
        table = Table.grid(padding=(0, 1))
        table.add_column(width=2, justify="right")
        table.add_column(no_wrap=True, min_width=9)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True, min_width=6)
        table.add_column(justify="right", no_wrap=True, style="dim", min_width=10)
        table.expand = True
        for phase in visible(self._board.phases if self._board else []):
            if phase.state == RUNNING:
                self._add_running(table, phase, now)
            else:
                self._add(table, phase)
        return Group(table, Text())

    def _add_running(self, table: Table, phase: Phase, now: float) -> None:
        lines = activity(phase, self._run, self._steps, now) if self._run else [phase.title]
        lines = [STOPPING] if self._stopping else lines
        name = Text(phase.id, "bold cyan")
        elapsed = duration(phase.elapsed(now))
        table.add_row(self._spinner, name, Text(lines[0]), elapsed, last_duration(phase))
        for line in lines[1:]:
            table.add_row("", "", Text(line, "dim"), "", "")

    def _add(self, table: Table, phase: Phase) -> None:
        waits = phase.state == WAITING
        detail = Text(phase.title, "dim")
        if words := counts(phase):
            detail.append("  " + ", ".join(words), "yellow" if phase.changed else "dim")
        sign = Text(self._signs[phase.state], STYLES[phase.state])
        elapsed = "" if waits else duration(phase.seconds)
        name = Text(phase.id, "dim" if waits else "")
        table.add_row(sign, name, detail, elapsed, last_duration(phase) if waits else "")
