"""Tests of ``slipway.run.development``."""

import json
import os
import signal

import pytest

from slipway.exit_codes import ExitCode
from slipway.lab.lock import LabBusyError
from slipway.lab.project import Project
from slipway.run import development

FOUND = {"name": "web", "namespace": "shop", "service": "web", "image": "web:1"}


@pytest.fixture
def follow(tmp_path, monkeypatch):
    """Follow a directory with passes of these results; ``follow.log`` has what happened. A signal ends it."""
    log = []

    class Changes:
        def __init__(self, paths, idle):
            assert list(paths()) == [tmp_path / "x"]

        def wait(self):
            log.append("wait")
            if log.count("wait") == 2:
                os.kill(os.getpid(), signal.SIGTERM)

    class Attachment:
        mend = None

        def __init__(self, project):
            assert project.state == tmp_path

        def pause(self):
            log.append("pause")

        def end(self):
            log.append("end")

        def attach(self, *words):
            log.append(words)

        def lines(self, succeeded):
            yield f"succeeded: {succeeded}"

    def run(*results):
        results = list(results)

        def play():
            result = results.pop(0)
            if isinstance(result, Exception):
                raise result
            (tmp_path / "dev.json").write_text(json.dumps({"dev": FOUND}))
            return result

        project = Project(tmp_path, tmp_path, tmp_path, "x", ())
        return development.follow(project, lambda: [tmp_path / "x"], play)

    monkeypatch.setattr(development, "Changes", Changes)
    monkeypatch.setattr(development, "Attachment", Attachment)
    monkeypatch.setattr(development, "BUSY_PAUSE", 0)
    run.log = log
    return run


def test_each_change_is_a_pass_until_a_signal(follow, capsys):
    assert follow(ExitCode.OK, ExitCode.FAILED) == ExitCode.OK
    attached = ("web", "shop", "web")
    assert follow.log == ["pause", attached, "wait", "pause", "wait", "end"]
    assert capsys.readouterr().out == "succeeded: True\nsucceeded: False\n"


def test_an_interrupted_pass_is_the_last(follow):
    assert follow(ExitCode.INTERRUPTED) == ExitCode.INTERRUPTED
    assert follow.log == ["pause", "end"]


def test_a_pass_waits_for_another_run(follow, capsys):
    busy = LabBusyError("x", None)
    assert follow(busy, busy, ExitCode.OK, ExitCode.OK) == ExitCode.OK
    assert capsys.readouterr().err.count("held by another run") == 1


def test_another_mistake_ends_it(follow):
    with pytest.raises(ValueError):
        follow(ValueError())
    assert follow.log == ["pause", "end"]
