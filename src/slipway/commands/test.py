"""The layers of the tests, run one after the other, with one summary at the end."""

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

from slipway.lab import processes
from slipway.lab.format import duration
from slipway.output.views import result_console

GOOD, BAD, INTERRUPTED = 0, 1, 130
NO_TESTS = 5  # pytest's exit code when it ran none
GRACE_SECONDS = 30.0  # for fixtures that remove a lab, say


@dataclass(frozen=True)
class Layer:
    """A group of tests that is run as one."""

    name: str
    path: str
    about: str
    levels: frozenset[str]
    flags: tuple[str, ...] = ()


FAST = frozenset({"fast", "default", "full"})
DEFAULT = frozenset({"default", "full"})
FULL = frozenset({"full"})
FRESH = frozenset({"fresh"})
# A worker that is done takes tests from the others: some take a hundred times as long as most.
PARALLEL = ("-n", "auto", "--dist", "worksteal")

LAYERS: tuple[Layer, ...] = (
    Layer(
        "style",
        "tests/lint",
        "ruff, shell syntax, architecture",
        FAST,
        ("--ignore", "tests/lint/test_ansible_lint.py"),
    ),
    Layer("unit", "tests/unit", "functions, without Ansible", FAST, PARALLEL),
    Layer("contract", "tests/contract", "modules through Ansible", FAST, PARALLEL),
    Layer("command", "tests/command", "the command on a made-up lab", DEFAULT, PARALLEL),
    Layer("report", "tests/report", "the report in a browser", DEFAULT),
    Layer(
        "lint", "tests/lint", "ansible-lint, documentation of modules", DEFAULT, ("-m", "slow_lint")
    ),
    Layer("roles", "tests/roles", "Molecule scenarios", DEFAULT, ("-m", "not long")),
    Layer("acceptance", "tests/acceptance", "the real lab", DEFAULT, ("-m", "not long")),
    Layer("lessons", "tests/lessons", "every lesson, and each broken on purpose", FULL),
    Layer("services", "tests/roles", "Molecule scenarios of services", FULL, ("-m", "long")),
    Layer("long", "tests/acceptance", "cold builds, faults, other systems", FULL, ("-m", "long")),
    Layer("fresh", "tests/fresh", "a new user's commands, nothing cached", FRESH, ("-x", "-s")),
)


@dataclass
class Tally:
    """How a layer ended."""

    layer: Layer
    code: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0


def choose(level: str, names: Sequence[str]) -> list[Layer]:
    """Return the layers to run.

    :param level: ``fast``, ``default``, ``full`` or ``fresh``.
    :param names: only these layers, whatever the level.
    :raises KeyError: a name that no layer has.
    """
    known = {layer.name: layer for layer in LAYERS}
    for name in names:
        if name not in known:
            raise KeyError(f"no layer {name}; there are {', '.join(known)}")
    return [known[name] for name in names] or [one for one in LAYERS if level in one.levels]


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

    :param root: the checkout, which may be read-only.
    :param cache: where tools keep their caches.
    :param level: which layers belong to the run.
    :param names: only these layers.
    :param junit: directory for JUnit XML, one file a layer.
    :param verbose: show what tests print.
    :param extra: further flags of pytest.
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
            return INTERRUPTED
    _summary(tallies, time.monotonic() - began)
    return GOOD if all(tally.code == 0 for tally in tallies) else BAD


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
    process = subprocess.Popen(command, cwd=root, env=environment, start_new_session=True)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        _end(run)
        process.wait()
        raise
    tally = Tally(layer, code, seconds=time.monotonic() - began)
    if code == NO_TESTS:
        print(f"no test was run in {layer.path}: that counts as a failure")
    _count(tally, xml)
    return tally


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
