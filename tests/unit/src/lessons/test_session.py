"""Tests of ``slipway.lessons.session``."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from slipway.exit_codes import ExitCode
from slipway.lab.project import locate
from slipway.lessons.catalogue import choose
from slipway.lessons.session import LessonSession
from slipway.run.outcome import Options
from support.json_document import read_document
from support.lesson_results import claim, evidence, write_evidence


@pytest.fixture
def project(tmp_path):
    return replace(locate(), state=tmp_path)


@pytest.fixture
def session(project):
    made = LessonSession(
        project, Options(quiet=True, as_json=True), choose(project, ("state",)), "", "en", True
    )
    made.began = 1000.0
    return made


def test_lessons_are_independent_of_each_other(session):
    assert session.continues_after_failure


@pytest.mark.parametrize(("passed", "code"), [(True, ExitCode.OK), (False, ExitCode.FAILED)])
def test_the_claims_decide_the_exit_code(session, project, capsys, passed, code):
    write_evidence(project, "state", evidence(claim("x", passed), began=1001.0))
    assert session.conclude() == code
    document = read_document("lessons", capsys.readouterr().out)
    assert document["ok"] is passed


def test_evidence_of_an_earlier_run_does_not_count(session, project, capsys):
    write_evidence(project, "state", evidence(claim("x", True), began=999.0))
    failure = SimpleNamespace(phase="state", task="Begin", reason="no lab")
    session.result.failures = [failure]
    assert session.conclude() == ExitCode.FAILED
    (lesson,) = read_document("lessons", capsys.readouterr().out)["lessons"]
    assert lesson["error"] == {"task": "Begin", "reason": "no lab"}
    assert lesson["claims"] == []


def test_the_log_is_named_after_a_failure(session, project, capsys, tmp_path):
    session.options.as_json = False
    session.result.log = tmp_path / "x.log"
    session.conclude()
    assert "x.log" in capsys.readouterr().out
