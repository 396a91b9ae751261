"""Run the layers of the tests one after the other, and print one summary."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from rich.table import Table
from rich.text import Text

from slipway.exit_codes import ExitCode
from slipway.lab import processes
from slipway.lab.format import duration
from slipway.output.console import result_console
from slipway.testing.layers import Layer, choose

NO_TESTS = 5  # pytest's exit code when it ran none
GRACE_SECONDS = 120.0  # for fixtures, for example those that remove a lab


@dataclass
class Tally:
    """The result of a layer."""

    layer: Layer
    code: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0


def run_layers(
    root: Path,
    cache: Path,
    level: str,
    names: Sequence[str],
    junit: Path,
    verbose: bool,
    extra: Sequence[str],
) -> int:
    """Run layers and print the summary; return the exit code.

    Args:
        root: The checkout, which may be read-only.
        cache: Where tools keep their caches.
        level: Which layers belong to the run.
        names: Only these layers.
        junit: Directory for JUnit XML, one file a layer.
        verbose: Show what tests print.
        extra: Further flags of pytest.
    """
    layers = choose(level, names)
    junit = junit.absolute()
    junit.mkdir(parents=True, exist_ok=True)
    tallies: list[Tally] = []
    began = time.monotonic()
    for layer in layers:
        print(f"\n== {layer.name}: {layer.about}", flush=True)
        flags = [*layer.flags, *(["-s", "-v"] if verbose else ["-q"]), *extra]
        try:
            with _signals_interrupt():
                tallies.append(_run(root, cache, layer, junit / f"{layer.name}.xml", flags))
        except KeyboardInterrupt:
            print("\ninterrupted")
            return ExitCode.INTERRUPTED
    _summary(tallies, time.monotonic() - began)
    return ExitCode.OK if all(tally.code == 0 for tally in tallies) else ExitCode.FAILED


def _run(root: Path, cache: Path, layer: Layer, xml: Path, flags: Sequence[str]) -> Tally:
    xml.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", layer.path, "--junitxml", str(xml)]
    command += ["-o", f"cache_dir={cache / 'pytest'}", *flags]
    run = uuid.uuid4().hex
    environment = {
        **os.environ,
        processes.RUN_VARIABLE: run,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "RUFF_CACHE_DIR": str(cache / "ruff"),
    }
    began = time.monotonic()
    # In a session of its own, so that a Ctrl-C comes once, from here: pytest cuts its fixtures short at a second one.
    process = subprocess.Popen(
        command, cwd=root, env=environment, start_new_session=True, preexec_fn=_hear_interrupts
    )
    try:
        code = process.wait()
    except KeyboardInterrupt:
        _end(run)
        process.wait()
        raise
    tally = Tally(layer, code, seconds=time.monotonic() - began)
    if code == NO_TESTS:
        print(f"no test was run in {layer.path}, which counts as a failure")
    _count(tally, xml)
    return tally


def _hear_interrupts() -> None:
    """Let pytest clean up after SIGINT. A job in the background of a shell ignores it, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _signals_interrupt() -> AbstractContextManager[None]:
    """Let the other signals that end a command do what Ctrl-C does, unless they are ignored (nohup)."""
    heard = [
        number
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]
    return processes.signals(signal.default_int_handler, heard)


def _end(run: str) -> None:
    """End the processes of a layer: at first as Ctrl-C does; a second signal does not wait for them."""
    try:
        processes.end_run(run, first=processes.of_run(run), patience=GRACE_SECONDS)
    except KeyboardInterrupt:
        processes.end_run(run, patience=0)


def _count(tally: Tally, xml: Path) -> None:
    """Add up a JUnit file; a run that left none counts as one failure."""
    try:
        suites = list(ElementTree.parse(xml).getroot().iter("testsuite"))  # noqa: S314
    except (OSError, ElementTree.ParseError):
        suites = []
    for suite in suites:
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        tally.failed += number["failures"] + number["errors"]
        tally.skipped += number["skipped"]
        tally.passed += number["tests"] - sum(
            number[key] for key in ("failures", "errors", "skipped")
        )
    if tally.code and not tally.failed:
        tally.failed = 1


def _summary(tallies: Iterable[Tally], seconds: float) -> None:
    tallies = list(tallies)
    table = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("LAYER")
    for heading in ("PASSED", "FAILED", "SKIPPED", "TIME"):
        table.add_column(heading, justify="right")
    for tally in tallies:
        failed = Text(str(tally.failed), "bold red" if tally.failed else "")
        row = (str(tally.passed), failed, str(tally.skipped), duration(tally.seconds))
        table.add_row(tally.layer.name, *row)
    console = result_console()
    console.print()
    console.print(table)
    print(closing_line(tallies, seconds), flush=True)


def closing_line(tallies: Iterable[Tally], seconds: float) -> str:
    """Return the summary of all layers in the words of pytest."""
    tallies = list(tallies)
    words = [
        f"{number} {name}"
        for name in ("failed", "passed", "skipped")
        if (number := sum(getattr(tally, name) for tally in tallies))
    ]
    return f"===== {', '.join(words) or 'no tests ran'} in {seconds:.2f}s ====="
