"""Run the command that makes an artifact."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import ArtifactError

LOG_TAIL_LINES = 15
# "go build -v" prints the path of each package. Those that it builds beside the failed one can come last.
PACKAGE = re.compile(r"[\w.+~-]+(?:/[\w.+~-]+)+")
OWNER_CHECK_SECONDS = 1


def run_command(
    name: str,
    command: list[str],
    directory: Path,
    environment: dict[str, str],
    log: Path,
    report: Callable[[str, str], None],
    owner: int = 0,
) -> None:
    """Run a command to its end, with its output in ``log`` and reported line by line.

    Args:
        name: Name of the artifact.
        command: Program and arguments.
        directory: Working directory.
        environment: Variables that are added to those of this process.
        log: File that gets the output.
        report: Gets the name of the artifact and a line of text.
        owner: Process (pid) whose end also ends the command. 0 means none.

    Raises:
        ArtifactError: The command failed.
        OSError: The command could not be started.
    """
    with log.open("w") as stream:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        with ended_with(owner, process):
            for count, line in enumerate(process.stdout, 1):
                stream.write(line)
                report(name, f"{line.strip()} ({count})")
    if process.wait() != 0:
        lines = log.read_text().splitlines()
        lines = [line for line in lines if not PACKAGE.fullmatch(line)] or lines
        tail = "\n".join(lines[-LOG_TAIL_LINES:])
        hint = "the disk is full, free some space" if "No space left" in tail else f"see {log}"
        raise ArtifactError(f"{name}: {command[0]} ended with {process.returncode}; {hint}\n{tail}")


@contextmanager
def ended_with(owner: int, process: subprocess.Popen) -> Iterator[None]:
    """End the session that ``process`` leads when this block is left early or the process ``owner`` ends.

    A build runs concurrently with other phases, detached from the playbook that started it. It must not continue
    when that playbook was interrupted or killed.
    """
    done = threading.Event()

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)

    def watch() -> None:
        while not done.wait(OWNER_CHECK_SECONDS):
            if not Path(f"/proc/{owner}").exists():
                end()
                return

    if owner:
        threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except BaseException:
        end()
        raise
    finally:
        done.set()
