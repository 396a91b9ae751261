"""Bring each change of files to the lab until Ctrl-C."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from slipway.exit_codes import ExitCode
from slipway.lab import processes
from slipway.lab.lock import LabBusyError
from slipway.lab.project import Project
from slipway.lab.watching import Changes
from slipway.run.attachment import Attachment

BUSY_PAUSE = 1.0


def follow(project: Project, paths: Callable[[], Iterable[Path]], play: Callable[[], int]) -> int:
    """Do a pass now and after each change, and show the application in between; return the exit code.

    Args:
        project: The lab.
        paths: Lists the files whose changes count.
        play: Does a pass with playbooks/dev.yml, and returns its exit code.
    """
    attachment = Attachment(project)
    with processes.signals(signal.default_int_handler, processes.ENDS):
        try:
            changes = Changes(paths, attachment.mend)
            while True:
                attachment.pause()
                code = _when_free(play)
                if code == ExitCode.INTERRUPTED:
                    return code
                if code == ExitCode.OK:
                    written = (project.state / "dev.json").read_text(encoding="utf-8")
                    found = json.loads(written)["dev"]
                    attachment.attach(found["name"], found["namespace"], found["service"])
                for line in attachment.lines(code == ExitCode.OK):
                    click.echo(line)
                changes.wait()
        except KeyboardInterrupt:
            return ExitCode.OK
        finally:
            attachment.end()


def _when_free(play: Callable[[], int]) -> int:
    """Do a pass as soon as no other run holds the lab, such as that of a second directory."""
    told = False
    while True:
        try:
            return play()
        except LabBusyError as problem:
            if not told:
                click.echo(f"{problem}; waiting", err=True)
            told = True
            time.sleep(BUSY_PAUSE)
