"""Tests of ``slipway.run.follower``."""

import io
import json
import time

import pytest

from slipway.lab.project import locate
from slipway.output.plain_view import PlainView
from slipway.run import follower
from slipway.run.follower import Follower
from support.displayed_run import Board, make_console, make_run, text_of


class Followed:
    """A follower of a run, with its log and its output."""

    def __init__(self, folder):
        self.log = io.StringIO()
        self.console = make_console(terminal=False)
        self.progress = folder / "progress.jsonl"
        view, self.run = PlainView(self.console), make_run()
        view.begin(Board(self.run))
        self.follower = Follower(locate(), self.run, view, self.log, self.progress, {})

    def report(self, message):
        line = {"time": time.time(), "task": "artifacts", "message": message}
        with self.progress.open("a") as stream:
            stream.write(json.dumps(line) + "\n")


@pytest.fixture
def followed(tmp_path):
    return Followed(tmp_path)


def test_events_go_to_the_log_and_to_the_view(followed):
    data = {"task": "Write a file", "task_uuid": "2", "host": "lab1", "res": {"changed": True}}
    event = {"event": "runner_on_ok", "event_data": data, "stdout": "\x1b[0;33mchanged: [lab1]\r\n"}
    with followed.follower:
        assert followed.follower.on_event(event) is False
    assert followed.log.getvalue() == "changed: [lab1]\n"
    assert "minikube: changed: Write a file" in text_of(followed.console)


def test_progress_is_read_without_events(followed):
    with followed.follower:
        followed.report("kubernetes: made in 3 s")
        limit = time.monotonic() + 10
        while "kubernetes" not in text_of(followed.console) and time.monotonic() < limit:
            time.sleep(0.05)
    assert "artifacts: 1 of 1 ready: kubernetes" in text_of(followed.console)
    assert "artifacts: kubernetes: made in 3 s" in followed.log.getvalue()


@pytest.mark.parametrize(("action", "after", "asked"), [
    ("slipway.lab.minikube", 0, ["minikube_hosts"]),
    ("slipway.lab.minikube", 60, []),
    ("ansible.builtin.copy", 0, []),
])  # fmt: skip
def test_hosts_are_followed_only_during_their_long_tasks(
    followed, monkeypatch, action, after, asked
):
    asked_for = []
    monkeypatch.setattr(follower, "TICK", 0.01)
    monkeypatch.setattr(follower, "REMOTE_AFTER", after)
    monkeypatch.setattr(
        follower, "host_variables", lambda project, pattern, _: asked_for.append(pattern) or {}
    )
    data = {"task": "Declare", "task_uuid": "2", "host": "lab1", "task_action": action}
    with followed.follower:
        followed.follower.on_event({"event": "runner_on_start", "event_data": data})
        time.sleep(0.2)
    assert asked_for == asked
