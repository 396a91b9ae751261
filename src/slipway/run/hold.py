"""Hold a lab for a run, with its log file and its working directory."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rich.console import Console

from slipway.lab.lock import LabLock
from slipway.lab.project import Project
from slipway.run.header import print_header
from slipway.run.run_log import open_log


@dataclass(frozen=True)
class Hold:
    """A lab that is held.

    Attributes:
        run: Id of the run.
        log: The open log file.
        log_path: Its path.
        work: An empty directory for files of the run.
    """

    run: str
    log: IO[str]
    log_path: Path
    work: Path


@contextmanager
def hold_lab(project: Project, command: str, playbook: str, console: Console) -> Iterator[Hold]:
    """Lock a lab, open a log and print the header.

    Args:
        project: The lab.
        command: Name of the command.
        playbook: The equivalent ansible-playbook command.
        console: Where the header goes.

    Raises:
        LabBusyError: Another run holds the lab.
    """
    with LabLock(project.state, project.lab, f"slipway {command}") as lock:
        work = project.state / "work"
        shutil.rmtree(work, ignore_errors=True)  # a run that was killed left its files
        work.mkdir(mode=0o700)
        with open_log(project.state, command) as (path, log):
            print_header(console, command, lock, playbook, path)
            yield Hold(lock.run, log, path, work)
