"""A run of three phases for the tests of the views, with a console whose output can be read."""

import io

from rich.console import Console

from slipway.lab.phases import OK, Phase
from slipway.lab.run_state import Run


class Board:
    """The phases of one run."""

    def __init__(self, run):
        self.run = run

    @property
    def phases(self):
        return self.run.phases


def make_console(width=80, terminal=True):
    """Return a console without colours."""
    return Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=None)


def text_of(console):
    """Return what was printed."""
    return console.file.getvalue()


def make_run():
    """Return a run in its second phase, in which a task has run since the time 1000."""
    done = Phase("mirror", "Serve artifacts", state=OK, seconds=61, tasks=3, changed=1)
    artifacts = Phase("artifacts", "Build or download programs and images")
    now = Phase("minikube", "Start the cluster", plays=["Start the cluster"], last_seconds=48)
    later = Phase("app", "Deploy the app", plays=["Deploy the app"], last_seconds=2)
    run = Run([done, artifacts, now, later])
    data = {"name": "Start the cluster"}
    run.apply({"event": "playbook_on_play_start", "event_data": data}, 1000.0)
    for host in ("lab1", "lab2"):
        task = {"task": "Converge the profile", "task_uuid": "1", "host": host}
        run.apply({"event": "runner_on_start", "event_data": task}, 1000.0)
    run.tick(1001.0)
    return run
