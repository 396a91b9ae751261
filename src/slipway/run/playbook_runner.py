"""Run a playbook with ansible-runner: log it, show it, stop it cleanly."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import ansible_runner

from slipway.lab import processes
from slipway.lab.ansible_settings import own_settings
from slipway.lab.project import Project
from slipway.lab.run_state import Run
from slipway.output.view import View
from slipway.run.follower import Follower
from slipway.run.outcome import Outcome

# Values that look like a secret in extra variables: name=value, or "name": "value".
SECRET = re.compile(
    r"(?i)([\w-]*(?:pass|secret|token|api_?key)[\w-]*[\"']?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,}]+)"
)


def playbook_command(project: Project, name: str, arguments: Sequence[str]) -> list[str]:
    """Return the equivalent ansible-playbook command, for the project's directory."""
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
    """Return a command as a shell line for terminals and logs, without the values of secrets."""
    return shlex.join(SECRET.sub(r"\1***", word) for word in command)


def playbook_line(project: Project, name: str, arguments: Sequence[str]) -> str:
    """Return the shell line that runs a playbook without this command.

    It names no task to start at: Ansible does not find tasks of included roles, and then runs nothing.
    """
    return shown(playbook_command(project, name, arguments))


def sockets(run: str) -> Path:
    """Return the directory of a run's SSH control sockets.

    Each run has its own, because the connections that SSH keeps open must end with this run and not with another.
    The path is short, because the name of a socket has at most 107 bytes.
    """
    return Path(tempfile.gettempdir()) / f"slipway-{run[:12]}"


def end_run(run: str) -> int:
    """End the remaining processes of a run; return their number."""
    ended = processes.end_run(run)
    for socket in sockets(run).glob(
        "*"
    ):  # ssh overwrites its environment, which has the id of the run
        command = ["ssh", "-S", str(socket), "-O", "exit", "any"]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    shutil.rmtree(sockets(run), ignore_errors=True)
    return ended


def environment(project: Project, run: str) -> dict[str, str]:
    """Return the environment variables for Ansible, in addition to the user's own.

    Args:
        project: The lab.
        run: Id of the run, by which its processes are found later.
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


class PlaybookRunner:
    """Runs one playbook at a time.

    Args:
        project: The lab.
        run_id: Id of the run, which all its processes have in their environment.
        log: Open file for Ansible's output.
        view: Shows the run.
        work: Directory for files of the run; by default the system's directory for temporary files.
    """

    def __init__(
        self,
        project: Project,
        run_id: str,
        log: IO[str],
        view: View,
        work: Path | None = None,
    ):
        self.project = project
        self.run_id = run_id
        self.log = log
        self.view = view
        self._work = work
        self._stopper: threading.Thread | None = None

    def play(self, name: str, arguments: Sequence[str], run: Run) -> Outcome:
        """Run a playbook to its end, or until a signal stops it.

        Args:
            name: Name of the playbook, such as ``site``.
            arguments: Arguments of ansible-playbook besides the inventory and the playbook.
            run: The state, which is updated.
        """
        command = playbook_command(self.project, name, arguments)
        with (
            tempfile.TemporaryDirectory(prefix="slipway-", dir=self._work) as work,
            processes.signals(self._stop, processes.ENDS),
        ):
            progress = Path(work) / "progress.jsonl"
            variables = environment(self.project, self.run_id)
            variables["SLIPWAY_PROGRESS_FILE"] = str(progress)
            self.log.write(f"# {time.strftime('%Y-%m-%d %H:%M:%S')} {shown(command)}\n")
            follower = Follower(self.project, run, self.view, self.log, progress, variables)
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
        now = time.monotonic()
        for change in run.finish(ok, now):
            self.view.change(change, now)
        # only the statistics of a complete run show which failures were rescued
        failures = [] if ok or interrupted else run.final_failures
        return Outcome(ok, interrupted, failures)

    @contextmanager
    def _ended(self) -> Iterator[None]:
        """End all processes of the run, however the block ended."""
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
