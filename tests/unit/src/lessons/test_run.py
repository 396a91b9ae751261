"""Tests of ``slipway.lessons.run``."""

import json
from dataclasses import replace

import pytest

from slipway.errors import UsageError
from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.lessons.catalogue import lessons
from slipway.lessons.run import run_lessons

GIVEN = {
    "names": ("state",), "as_json": False, "verbose": 0, "quiet": True, "broken": "", "check_only": False,
    "explain": False, "lang": "en", "keep": False,
}  # fmt: skip


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Run lessons with flags; return the session and its playbooks."""
    calls = {}

    def run(session, playbooks, preflight):
        calls.update(session=session, playbooks=playbooks, preflight=preflight)

    monkeypatch.setattr("slipway.lessons.run.LessonSession.run", run)
    monkeypatch.setattr("slipway.lessons.run.LessonSession.conclude", lambda session: 0)
    project = replace(locate(), state=tmp_path)

    def start(**flags):
        assert run_lessons(project, ("x=1",), CommandLine(), {**GIVEN, **flags}) == 0
        return calls["session"], calls["playbooks"]

    return start


def variables(session):
    return json.loads(session.options.arguments[1])


def test_a_lesson_runs_with_its_variables(ran):
    session, playbooks = ran(lang="ko", keep=True)
    assert playbooks == ["lessons/state/lesson"]
    assert variables(session) == {
        "lesson_lang": "ko", "lesson_break": "", "lesson_keep": True, "lesson_explain": False,
    }  # fmt: skip
    assert session.options.arguments[2:] == ["-e", "x=1"]
    assert (session.suffix, session.single) == ("", True)


def test_a_check_runs_only_the_claims(ran):
    session, _ = ran(check_only=True, broken="no-undo")
    assert "--tags" in session.options.arguments
    assert session.suffix == ".break.check"


def test_all_lessons_run_in_order(ran):
    session, playbooks = ran(names=("all",))
    assert playbooks == [lesson.playbook for lesson in lessons(locate())]
    assert not session.single


def test_explained_lessons_run_on_the_terminal(ran, monkeypatch):
    explained = []
    monkeypatch.setattr(
        "slipway.lessons.run.explain_lessons",
        lambda project, options, chosen: explained.append(chosen) or 0,
    )
    with pytest.raises(KeyError):  # no session
        ran(explain=True)
    assert [lesson.name for lesson in explained[0]] == ["state"]


def test_an_unknown_lesson_is_an_error(ran):
    with pytest.raises(UsageError):
        ran(names=("nothing",))
