"""Tests of ``slipway.run.live_status``."""

import json
from dataclasses import replace

import pytest

from slipway.exit_codes import ExitCode
from slipway.lab.lock import LabLock
from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.run.live_status import inspect_lab
from support.json_document import read_document


@pytest.fixture
def inspected(tmp_path, monkeypatch, capsys):
    """Inspect a lab with a report and a given failure; return the exit code and the output."""

    def run(report=None, trouble="", as_json=True):
        project = replace(locate(), state=tmp_path, lab="demo")
        if report is not None:
            project.report.write_text(json.dumps(report))
        monkeypatch.setattr("slipway.run.live_status.run_quietly", lambda *_: trouble)
        code = inspect_lab(
            project, (), False, as_json, CommandLine(launcher="./slipway"), "run: ./slipway up"
        )
        return code, capsys.readouterr().out

    return run


def test_a_ready_lab(inspected):
    code, out = inspected({"ready": True})
    assert code == ExitCode.OK
    assert read_document("status", out)["ready"]


def test_no_lab_is_a_state_of_its_own(inspected):
    code, out = inspected()
    assert code == ExitCode.NO_LAB
    assert read_document("status", out)["error"] == "no lab is up; run: ./slipway up"
    assert inspected(as_json=False)[1].splitlines()[0] == ' no lab   "demo"'


def test_a_lab_that_does_not_answer_is_not_shown_as_it_was(inspected):
    report = {"ready": True, "nodes": [{"name": "n1", "ready": True}]}
    code, out = inspected(report, trouble="the engine does not answer")
    found = read_document("status", out)
    assert code == ExitCode.FAILED
    assert (found["ready"], found["nodes"]) == (False, [])
    assert found["error"] == "the engine does not answer"


def test_a_run_that_holds_the_lab_is_named(inspected, tmp_path):
    with LabLock(tmp_path, "demo", "slipway up"):
        assert "slipway up runs since" in inspected({"ready": True}, as_json=False)[1]
