"""Run a playbook by ansible-runner: follow it, log it, stop it cleanly."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import ansible_runner

from slipway.lab import processes
from slipway.lab.ansible_settings import own_settings
from slipway.lab.format import plain
from slipway.lab.inventory import host_variables
from slipway.lab.phases import Run
from slipway.lab.progress import ProgressFile, RemoteProgress, Step
from slipway.lab.project import Project
from slipway.output.views import View

TICK = 0.25
# What looks like a secret in extra variables: name=value, or "name": "value".
SECRET = re.compile(
    r"(?i)([\w-]*(?:pass|secret|token|api_?key)[\w-]*[\"']?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,}]+)"
)


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    run: Run
    ok: bool
    interrupted: bool
    seconds: float


def playbook_command(project: Project, name: str, arguments: Sequence[str]) -> list[str]:
    """Return the ansible-playbook command that does the same, from the project's directory."""
    command = ["ansible-playbook"]
    for inventory in project.inventories:
        command += ["-i", _relative(inventory, project.root)]
    return [*command, *arguments, _relative(str(project.playbook(name)), project.root)]


def _relative(path: str, root: Path) -> str:
    try:
        return str(Path(path).relative_to(root))
    except ValueError:
        return path


def shown(command: Sequence[str]) -> str:
    """Return a command as a shell line for eyes and logs, without the values of secrets."""
    return shlex.join(SECRET.sub(r"\1***", word) for word in command)


def sockets(run: str) -> Path:
    """Return where a run keeps SSH's control sockets.

    Each run has its own, so that the connections which SSH keeps open for a while end with the run,
    and with no other's. The path is short, for a socket's name may have 107 bytes only.
    """
    return Path(tempfile.gettempdir()) / f"slipway-{run[:12]}"


def end_run(run: str) -> int:
    """End what is left of a run; return how many processes that were."""
    ended = processes.end_run(run)
    for socket in sockets(run).glob("*"):  # ssh overwrites its environment, which holds our mark
        command = ["ssh", "-S", str(socket), "-O", "exit", "any"]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    shutil.rmtree(sockets(run), ignore_errors=True)
    return ended


def environment(project: Project, run: str) -> dict[str, str]:
    """Return the variables that Ansible gets besides the user's own.

    :param run: id of the run, by which its processes are found later.
    """
    binaries = str(Path(sys.executable).parent)
    chosen = {
        "PATH": f"{binaries}:{os.environ.get('PATH', os.defpath)}",
        "LC_ALL": "C.UTF-8",  # Ansible refuses other encodings
        "ANSIBLE_NOCOLOR": "1",
        # ansible-runner names its own plugins here, so that ansible.cfg's would not count.
        "ANSIBLE_CALLBACK_PLUGINS": str(project.root / "plugins/callback"),
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(sockets(run)),
        processes.RUN_VARIABLE: run,
    }
    # ansible-runner would turn it off.
    chosen["ANSIBLE_HOST_KEY_CHECKING"] = os.environ.get("ANSIBLE_HOST_KEY_CHECKING", "True")
    return chosen | own_settings(project.root, os.environ)


class Engine:
    """Runs one playbook at a time.

    :param project: where everything is.
    :param run_id: mark of all processes that belong to this run.
    :param log: open file that gets all that Ansible says.
    :param view: shows what happens.
    :param work: directory for files of the run; the system's own for such things without it.
    """

    def __init__(
        self, project: Project, run_id: str, log: IO[str], view: View, work: Path | None = None
    ):
        self.project = project
        self.run_id = run_id
        self.log = log
        self.view = view
        self._work = work
        self._stopper: threading.Thread | None = None

    def play(self, name: str, arguments: Sequence[str], run: Run) -> Outcome:
        """Run a playbook to its end, or until a signal stops it.

        :param name: name of the playbook, such as ``site``.
        :param arguments: arguments of ansible-playbook besides inventory and playbook.
        :param run: the plan, which is advanced.
        """
        command = playbook_command(self.project, name, arguments)
        began = time.monotonic()
        with (
            tempfile.TemporaryDirectory(prefix="slipway-", dir=self._work) as work,
            processes.signals(self._stop, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)),
        ):
            progress = Path(work) / "progress.jsonl"
            variables = environment(self.project, self.run_id)
            variables["SLIPWAY_PROGRESS_FILE"] = str(progress)
            self._write(f"# {time.strftime('%Y-%m-%d %H:%M:%S')} {shown(command)}")
            follower = _Follower(self, run, ProgressFile(progress), variables)
            with follower, self._ended():
                result = ansible_runner.run(
                    private_data_dir=work,
                    project_dir=str(self.project.root),
                    playbook=command[-1],
                    cmdline=shlex.join(command[1:-1]),
                    envvars=variables,
                    event_handler=follower.on_event,
                    cancel_callback=lambda: False,  # else ansible-runner takes our signals
                    settings={"pexpect_timeout": 1, "suppress_output_file": True},
                    fact_cache_type="",
                    quiet=True,
                )
        interrupted = self._stopper is not None
        if self._stopper:
            self._stopper.join()
        ok = result.rc == 0 and not interrupted
        run.finish(ok, time.monotonic())
        return Outcome(run, ok, interrupted, time.monotonic() - began)

    def _write(self, text: str) -> None:
        self.log.write(text + "\n")
        self.log.flush()

    @contextmanager
    def _ended(self) -> Iterator[None]:
        """See to it that nothing of the run goes on, however it ended."""
        try:
            yield
        finally:
            end_run(self.run_id)

    def _stop(self, *_: Any) -> None:
        if self._stopper is None:
            self.view.stopping()
            self._stopper = threading.Thread(target=self._end, daemon=True)
            self._stopper.start()

    def _end(self) -> None:
        me = os.getpid()
        children = [pid for pid in processes.of_run(self.run_id) if processes.parent(pid) == me]
        processes.end_run(self.run_id, first=children)


class _Follower:
    """Takes events and progress in, from several threads, and tells the view."""

    def __init__(self, engine: Engine, run: Run, progress: ProgressFile, variables: dict[str, str]):
        self.engine = engine
        self.run = run
        self._progress = progress
        self._variables = variables
        self._remote = RemoteProgress(self._on_remote_step)
        self._remote_begun = False
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> _Follower:
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._ticker.join()
        self._remote.close()

    def on_event(self, event: dict[str, Any]) -> bool:
        """Take in an event of ansible-runner; ``False`` keeps it from the disk."""
        with self._lock:
            self._take_steps()
            now = time.monotonic()
            text = plain(event.get("stdout") or "").strip("\n")
            if text:
                self.engine._write(text)
                self.engine.view.output(text)
            if change := self.run.apply(event, now):
                self.engine.view.changed(change, self.run, now)
            if self.run.action == "minikube" and not self._remote_begun:
                self._remote_begun = True
                threading.Thread(target=self._follow_hosts, daemon=True).start()
        return False

    def _follow_hosts(self) -> None:
        found = host_variables(self.engine.project, "minikube_hosts", self._variables)
        for host, variables in found.items():
            if not self._ended.is_set():
                self._remote.follow(host, variables)

    def _on_remote_step(self, host: str, step: Step) -> None:
        self._on_step(step, host)

    def _on_step(self, step: Step, host: str = "") -> None:
        with self._lock:
            stamp = time.strftime("%H:%M:%S", time.localtime(step.time))
            self.engine._write(f"# {stamp} {host} {step.task}: {step.text}")
            self.engine.view.step(step, host, time.monotonic())

    def _take_steps(self) -> None:
        for step in self._progress.new_steps():
            self._on_step(step)

    def _tick(self) -> None:
        while not self._ended.wait(TICK):
            with self._lock:
                self._take_steps()
                self.engine.view.tick(self.run, time.monotonic())
