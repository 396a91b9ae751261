"""Show a run as it goes: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from slipway.lab.format import count, duration
from slipway.lab.phases import FAILED, OK, RUNNING, SKIPPED, WAITING, Phase, Run
from slipway.lab.progress import Step

WIDEST = 100
HEARTBEAT = 15.0
# A step of work that runs beside the current task is shown while it is this fresh, in seconds.
FRESH = 30.0
# Plain progress lines of one module come no closer than this, in seconds.
LINE_GAP = 3.0

STYLES = {OK: "green", FAILED: "bold red", RUNNING: "cyan", SKIPPED: "dim", WAITING: "dim"}
SIGNS = {OK: "✓", FAILED: "✗", SKIPPED: "–", WAITING: "·", RUNNING: "…"}
ASCII_SIGNS = {OK: "ok", FAILED: "!!", SKIPPED: "-", WAITING: ".", RUNNING: ".."}


class View(Protocol):
    """What the engine tells while a run goes on."""

    def begin(self, run: Run) -> None:
        """Show that the run begins."""

    def changed(self, change: str, run: Run, now: float) -> None:
        """Show a new phase, task or note."""

    def step(self, step: Step, host: str, now: float) -> None:
        """Show the progress of a long module."""

    def tick(self, run: Run, now: float) -> None:
        """Show that time passes."""

    def output(self, text: str) -> None:
        """Show Ansible's own words, if they are wanted."""

    def stopping(self) -> None:
        """Show that the run is being stopped."""

    def end(self, run: Run) -> None:
        """Show the last state."""


def error_console() -> Console:
    """Return the console for people: standard error, no wider than is easy to read."""
    return _console(sys.stderr.isatty(), stderr=True)


def result_console() -> Console:
    """Return the console for results: standard output."""
    return _console(sys.stdout.isatty(), stderr=False)


def _console(terminal: bool, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, soft_wrap=False)
    console.width = min(console.width, WIDEST) if terminal else WIDEST
    return console


def wants_live(console: Console, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the console can redraw lines and a person watches it."""
    return console.is_terminal and environ.get("TERM") != "dumb" and not environ.get("CI")


def make_view(console: Console, raw: bool) -> View:
    """Choose the view that suits the console.

    :param raw: show Ansible's own output instead of progress.
    """
    if raw:
        return RawView(console)
    return LiveView(console) if wants_live(console) else PlainView(console)


def signs(console: Console) -> dict[str, str]:
    """Return the signs of states in what the console can encode."""
    return SIGNS if "utf" in console.encoding.lower() else ASCII_SIGNS


class RawView:
    """Ansible's own output, for ``--verbose`` and ``--diff``."""

    def __init__(self, console: Console):
        self._console = console

    def begin(self, run: Run) -> None:
        """Nothing: Ansible says it."""

    def changed(self, change: str, run: Run, now: float) -> None:
        """Nothing: Ansible says it."""

    def step(self, step: Step, host: str, now: float) -> None:
        """Print the progress of a long module."""
        self._console.print(f"  {host or step.task}: {step.text}", style="dim", markup=False)

    def tick(self, run: Run, now: float) -> None:
        """Nothing: Ansible's lines show it."""

    def output(self, text: str) -> None:
        """Print what Ansible prints, coloured as it would."""
        for line in text.splitlines():
            self._console.print(Text(line, style=_ansible_style(line)), soft_wrap=True)

    def stopping(self) -> None:
        """Say so."""
        self._console.print("stopping ...")

    def end(self, run: Run) -> None:
        """Nothing: the recap says it."""


def _ansible_style(line: str) -> str:
    for start, style in (
        ("changed:", "yellow"),
        ("ok:", "green"),
        ("skipping:", "cyan"),
        ("fatal:", "red"),
        ("failed:", "red"),
        ("[WARNING]", "magenta"),
        ("[ERROR]", "red"),
        ("+", "green"),
        ("-", "red"),
    ):
        if line.startswith(start):
            return style
    return ""


class PlainView:
    """One line per change, and a sign of life when there is none for a while."""

    def __init__(self, console: Console):
        self._console = console
        self._began = time.monotonic()
        self._said = self._began
        self._phase: Phase | None = None
        self._last_step: dict[str, tuple[float, Step]] = {}

    def begin(self, run: Run) -> None:
        """Name the phases that lie ahead."""
        names = list(dict.fromkeys(phase.id for phase in run.board))
        self._say("phases: " + ", ".join(names))

    def changed(self, change: str, run: Run, now: float) -> None:
        """Print phases and tasks as they begin."""
        phase = run.current
        if change in ("phase", "stats") and self._phase and self._phase is not phase:
            self._close(self._phase)
        if change == "phase" and phase:
            self._phase = phase
            self._say(f"{phase.id}: {phase.title}{_last(phase)}")
        elif change in ("task", "note") and phase and run.task:
            note = f" ({run.note})" if run.note else ""
            self._say(f"{phase.id}: {run.task}{note}")

    def step(self, step: Step, host: str, now: float) -> None:
        """Print progress, but not each of many small steps."""
        source = host or step.task
        before, shown = self._last_step.get(source, (0.0, None))
        if shown and shown.text == step.text or now - before < LINE_GAP and step.step is None:
            return
        self._last_step[source] = (now, step)
        self._say(f"{source}: {step.text}")

    def tick(self, run: Run, now: float) -> None:
        """Print a heartbeat when nothing was said for long."""
        if now - self._said < HEARTBEAT or not run.current:
            return
        source = max(self._last_step, key=lambda name: self._last_step[name][0], default=None)
        step = f" ({self._last_step[source][1].text})" if source else ""
        elapsed = duration(run.current.elapsed(now))
        doing = run.task or run.current.title
        self._say(f"{run.current.id}: still at: {doing}{step}, {elapsed} in this phase")

    def output(self, text: str) -> None:
        """Nothing: the log has it."""

    def stopping(self) -> None:
        """Say so."""
        self._say("stopping: ending what this run started")

    def end(self, run: Run) -> None:
        """Close the last phase."""
        if self._phase:
            self._close(self._phase)

    def _close(self, phase: Phase) -> None:
        words = [phase.state, *_summary(phase), duration(phase.seconds)]
        self._say(f"{phase.id}: " + ", ".join(words))
        self._phase = None

    def _say(self, text: str) -> None:
        self._said = time.monotonic()
        passed = int(self._said - self._began)
        self._console.print(f"[{passed:4d}s] {text}", markup=False, soft_wrap=True)


class LiveView:
    """All phases in a table that is redrawn in place."""

    def __init__(self, console: Console):
        self._console = console
        self._run: Run | None = None
        self._signs = signs(console)
        self._spinner = Spinner("dots" if self._signs is SIGNS else "line", style="cyan")
        self._steps: dict[str, tuple[float, Step]] = {}
        self._task_began = 0.0
        self._stopping = False
        self._alive = True
        self._live = Live(
            console=console,
            get_renderable=self._draw,
            refresh_per_second=8,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def begin(self, run: Run) -> None:
        """Start to draw."""
        self._run = run
        self._live.start()

    def changed(self, change: str, run: Run, now: float) -> None:
        """Remember when the task began: older steps are not about it."""
        self._run = run
        if change in ("task", "phase"):
            self._task_began = now

    def step(self, step: Step, host: str, now: float) -> None:
        """Remember the newest step of each source."""
        self._steps[host or step.task] = (now, step)

    def tick(self, run: Run, now: float) -> None:
        """Nothing: the table is redrawn anyway."""

    def output(self, text: str) -> None:
        """Nothing: the log has it."""

    def stopping(self) -> None:
        """Show it in the row of the phase."""
        self._stopping = True

    def end(self, run: Run) -> None:
        """Draw the last state and leave it on the screen."""
        self._run = run
        self._alive = False
        self._steps.clear()
        if self._live.is_started:
            self._live.stop()

    def _draw(self) -> RenderableType:
        if self._run is None:
            return Text()
        now = time.monotonic()
        table = Table.grid(padding=(0, 1))
        table.add_column(width=2, justify="right")
        table.add_column(no_wrap=True, min_width=9)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True, min_width=6)
        table.add_column(justify="right", no_wrap=True, style="dim", min_width=10)
        table.expand = True
        waiting = [phase for phase in self._run.board if phase.state == WAITING]
        starting = waiting[0] if waiting and self._alive and not self._run.current else None
        for phase in list(self._run.board):
            if phase is starting:
                table.add_row(self._spinner, Text(phase.id, "cyan"), Text("starting", "dim"))
            else:
                self._row(table, phase, now)
        return Group(table, Text())

    def _row(self, table: Table, phase: Phase, now: float) -> None:
        style = STYLES[phase.state]
        last = f"last {duration(phase.last_seconds)}" if phase.last_seconds is not None else ""
        if phase.state == RUNNING:
            doing = "stopping: ending what this run started" if self._stopping else self._doing()
            elapsed = duration(phase.elapsed(now))
            table.add_row(self._spinner, Text(phase.id, "bold cyan"), doing, elapsed, last)
            for source, step in self._fresh(now):
                line = Text(f"{source}  {step.text}", "dim")
                table.add_row("", "", line, "", "")
            return
        detail = Text(phase.title, "dim")
        if words := _summary(phase):
            detail.append("  " + ", ".join(words), "yellow" if phase.changed else "dim")
        elapsed = duration(phase.seconds) if phase.state in (OK, FAILED) else ""
        name = Text(phase.id, "" if phase.state in (OK, FAILED) else "dim")
        waits = last if phase.state == WAITING else ""
        table.add_row(Text(self._signs[phase.state], style), name, detail, elapsed, waits)

    def _doing(self) -> Text:
        assert self._run is not None
        run = self._run
        text = Text(run.task or (run.current.title if run.current else ""))
        if run.note:
            text.append(f"  {run.note}", "dim")
        if len(run.hosts) > 1:
            text.append(f"  {', '.join(sorted(run.hosts))}", "dim")
        return text

    def _fresh(self, now: float) -> list[tuple[str, Step]]:
        return [
            (source, step)
            for source, (received, step) in list(self._steps.items())
            if received >= self._task_began or now - received < FRESH
        ]


def _summary(phase: Phase) -> list[str]:
    if phase.id == "doctor" or not phase.tasks:
        return []
    words = [count(phase.tasks, "task")]
    return [*words, f"{phase.changed} changed"] if phase.changed else words


def _last(phase: Phase) -> str:
    return f" (last time {duration(phase.last_seconds)})" if phase.last_seconds is not None else ""


def log_path(state: Path, command: str) -> Path:
    """Return where a run's log goes, by the time of its start."""
    return state / "logs" / f"{time.strftime('%Y-%m-%dT%H%M%S')}-{command}.log"
