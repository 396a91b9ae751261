"""Pass the events and the progress of a playbook to the state of its run, the log and the view."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from slipway.lab.format import plain
from slipway.lab.inventory import host_variables
from slipway.lab.phases import Change
from slipway.lab.progress import ProgressFile, RemoteProgress, Step
from slipway.lab.project import Project
from slipway.lab.run_state import Run
from slipway.output.view import View

TICK = 0.25
# The modules whose progress is followed on the hosts, and after how many seconds: most of their runs change nothing,
# and reading the addresses of the hosts takes longer than such a run.
REMOTE_ACTIONS = ("minikube", "node_images")
REMOTE_AFTER = 3


class Follower:
    """Follow one playbook. Events, remote progress and ticks come from several threads.

    Args:
        project: The lab.
        run: The state, which is updated.
        view: Shows the run.
        log: Open file for Ansible's output.
        progress: The file in which modules on this machine report progress.
        environment: The variables of Ansible's environment.
    """

    def __init__(
        self, project: Project, run: Run, view: View, log: IO[str], progress: Path,
        environment: Mapping[str, str],
    ):  # fmt: skip
        self._project = project
        self._run = run
        self._view = view
        self._log = log
        self._progress = ProgressFile(progress)
        self._environment = environment
        self._remote = RemoteProgress(lambda host, step: self._on_step(step, host))
        self._remote_began = False
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Follower:
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._ticker.join()
        self._remote.close()

    def on_event(self, event: dict[str, Any]) -> bool:
        """Process an event of ansible-runner; ``False`` keeps it from the disk."""
        with self._lock:
            self._read_steps()
            now = time.monotonic()
            text = plain(event.get("stdout") or "").strip("\n")
            if text:
                self._write(text)
                self._view.output(text)
            self._show(self._run.apply(event, now), now)
        return False

    def _show(self, changes: Iterable[Change], now: float) -> None:
        for change in changes:
            self._view.change(change, now)

    def _write(self, text: str) -> None:
        self._log.write(text + "\n")
        self._log.flush()

    def _begin_remote(self, now: float) -> None:
        """Follow the hosts as soon as one of their long tasks runs."""
        actions = {task.action for task in self._run.tasks.older(REMOTE_AFTER, now)}
        if not self._remote_began and actions.intersection(REMOTE_ACTIONS):
            self._remote_began = True
            threading.Thread(target=self._follow_hosts, daemon=True).start()

    def _follow_hosts(self) -> None:
        found = host_variables(self._project, "minikube_hosts", self._environment)
        for host, variables in found.items():
            if not self._ended.is_set():
                self._remote.follow(host, variables)

    def _on_step(self, step: Step, host: str = "") -> None:
        with self._lock:
            now = time.monotonic()
            stamp = time.strftime("%H:%M:%S", time.localtime(step.time))
            self._write(f"# {stamp} {host} {step.task}: {step.text}")
            self._show(self._run.step(step, now), now)
            self._view.step(step, host, now)

    def _read_steps(self) -> None:
        for step in self._progress.new_steps():
            self._on_step(step)

    def _tick(self) -> None:
        while not self._ended.wait(TICK):
            with self._lock:
                self._read_steps()
                now = time.monotonic()
                self._show(self._run.tick(now), now)
                self._begin_remote(now)
                self._view.tick(self._run, now)
