"""Tests of ``slipway.run.lab_status``."""

import json
from dataclasses import replace

import pytest

from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.run.lab_status import empty_status, read_status

LINES = CommandLine(launcher="./slipway")


@pytest.fixture
def project(tmp_path):
    return replace(locate(), state=tmp_path)


def test_the_report_of_the_playbooks_fills_the_status(project):
    report = {"ready": True, "versions": {"kubernetes": "v1.35.1"}}
    project.report.write_text(json.dumps(report))
    found = read_status(project, LINES)
    assert found["ready"] and found["versions"] == {"kubernetes": "v1.35.1"}
    assert found["next_step"] == "./slipway lesson tutorial"
    assert found.keys() == empty_status(project, LINES).keys()


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_without_a_report_no_lab_is_ready(project, content):
    if content:
        project.report.write_text(content)
    found = read_status(project, replace(LINES, flags=" --lab x"))
    assert not found["ready"]
    assert found["next_step"] == "./slipway up --lab x"
