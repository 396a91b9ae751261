"""Run Kubernetes' own end-to-end tests with ginkgo."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.conformance.log_reader import LogReader
from ansible_collections.slipway.lab.plugins.module_utils.conformance.report import (
    Report,
    read_report,
)

JUNIT = "junit_01.xml"
LOG = "e2e.log"
PLAN_LOG = "plan.log"
# Seconds that interrupted tests get to delete their namespaces.
GRACE = 60.0
POLL = 0.5
# The command ends all processes that have it in their environment.
RUN_MARK = "SLIPWAY_RUN"
LOG_TAIL = 15


class SuiteError(SlipwayError):
    """The tests could not run."""


@dataclass(frozen=True)
class Settings:
    """The selection of tests, and the programs and the cluster for them.

    Attributes:
        programs: Directory with ``e2e.test`` and ``ginkgo``.
        focus: Regular expression: only tests whose name matches.
        skip: Regular expression: not the tests whose name matches. Empty skips none.
        names: Full names of tests, which replace ``focus`` and ``skip``.
        registry: Where the images of ``registry.k8s.io/e2e-test-images`` are taken from; empty for there.
        directory: Directory for the log and the JUnit file.
        processes: Tests that run at the same time.
        timeout: Seconds for all tests.
    """

    programs: Path
    kubeconfig: Path
    kubectl: Path
    directory: Path
    focus: str
    skip: str
    names: tuple[str, ...]
    registry: str
    processes: int
    timeout: int


class Suite:
    """Plans and runs the selected tests."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def plan(self) -> list[str]:
        """Return the names of the tests that would run. This needs no cluster.

        Raises:
            SuiteError: No test is selected, or a name is unknown.
        """
        chosen = self.settings
        code = self._ran([*self._ginkgo(1), "--dry-run", *self._arguments()], PLAN_LOG)
        if code:
            raise self._error("the tests could not be listed", PLAN_LOG)
        planned = [case.name for case in self._report().cases]
        unknown = [name for name in chosen.names if name not in planned]
        if unknown:
            raise SuiteError(
                f"this version of Kubernetes has no such tests: {', '.join(unknown)}. "
                f"`{chosen.programs / 'e2e.test'} --list-tests` lists all names."
            )
        if not planned:
            raise SuiteError(
                f"no test matches {chosen.focus!r} without {chosen.skip!r}. "
                f"`{chosen.programs / 'e2e.test'} --list-tests` lists all names."
            )
        return planned

    def run(self, total: int, report: Callable[[str, int, int], None]) -> Report:
        """Run the tests, and return what became of each.

        Args:
            total: Number of tests that were planned.
            report: Gets a text, the number of ended tests and the total while the tests run.

        Raises:
            SuiteError: The tests were cut off.
            ReportError: They left no report.
        """
        reader = LogReader(self.settings.directory / LOG, total, report)
        command = [*self._ginkgo(min(self.settings.processes, total)), *self._arguments()]
        code = self._ran(command, LOG, reader.look)
        if code and not (self.settings.directory / JUNIT).exists():
            raise self._error("the tests ended without a report", LOG)
        found = self._report()
        if code and not found.of_state("failed"):
            raise self._error("the tests were cut off", LOG)
        return found

    def interrupt(self) -> None:
        """Let the running tests delete what they made, then end them."""
        if self._process is None:
            return
        for number, patience in ((signal.SIGINT, GRACE), (signal.SIGKILL, GRACE)):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
                return

    def _ginkgo(self, processes: int) -> list[str]:
        chosen = self.settings
        selection = [f"--focus={exactly(chosen.names)}"]
        if not chosen.names:
            selection = [f"--focus={chosen.focus}"] + [f"--skip={chosen.skip}"] * bool(chosen.skip)
        options = ["--no-color", f"--procs={processes}", f"--timeout={chosen.timeout}s"]
        return [str(chosen.programs / "ginkgo"), *options, *selection]

    def _arguments(self) -> list[str]:
        """Return the test binary and its own options; those of ginkgo come before."""
        chosen = self.settings
        return [
            str(chosen.programs / "e2e.test"),
            "--",
            f"--kubeconfig={chosen.kubeconfig}",
            f"--kubectl-path={chosen.kubectl}",
            "--provider=skeleton",
            f"--report-dir={chosen.directory}",
            f"--e2e-output-dir={chosen.directory}",
            "--disable-log-dump",
        ]

    def _ran(
        self, command: Sequence[str], log: str, look: Callable[[], None] = lambda: None
    ) -> int:
        directory = self.settings.directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        (directory / JUNIT).unlink(missing_ok=True)
        with (directory / log).open("wb") as stream:
            try:
                self._process = subprocess.Popen(
                    command,
                    cwd=directory,
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise SuiteError(f"{command[0]} cannot be started: {error}") from error
            code = _wait(self._process, look)
        self._process = None
        return code

    def _environment(self) -> dict[str, str]:
        """Return the environment of the tests. They reach the cluster without a proxy, as all modules do.

        Without its mark, they outlive an interrupted run of the command for as long as they delete what they made.
        """
        own = {
            key: value
            for key, value in os.environ.items()
            if not key.lower().endswith("_proxy") and key != RUN_MARK
        }
        if self.settings.registry:
            file = self.settings.directory / "registries.yml"
            file.write_text(f"promoterE2eRegistry: {self.settings.registry}\n", encoding="utf-8")
            own["KUBE_TEST_REPO_LIST"] = str(file)
        return own

    def _report(self) -> Report:
        return read_report(self.settings.directory / JUNIT)

    def _error(self, what: str, log: str) -> SuiteError:
        path = self.settings.directory / log
        tail = path.read_text(errors="replace").splitlines()[-LOG_TAIL:]
        return SuiteError("\n".join([f"{what}; see {path}", *tail]))


def _wait(process: subprocess.Popen[bytes], look: Callable[[], None]) -> int:
    """Wait in turns, also because a signal handler cannot wait for a process that the interrupted code waits for."""
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(POLL)
        look()


def exactly(names: Sequence[str]) -> str:
    """Return a regular expression of Go that matches the full names only.

    Ginkgo matches the path of the test's package and the name, with a space between them.
    """
    alternatives = "|".join(re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", name) for name in names)
    return f"(^|\\s)({alternatives})$"
