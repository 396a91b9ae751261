"""Tests of ``slipway.lessons.catalogue``."""

from dataclasses import replace

import pytest

from slipway.errors import UsageError
from slipway.lab.project import locate
from slipway.lessons.catalogue import choose, lessons
from support.lesson_results import evidence, write_evidence


@pytest.fixture
def project(tmp_path):
    return replace(locate(), state=tmp_path)


def test_lessons_are_listed_in_the_order_of_the_catalogue(project):
    found = lessons(project)
    assert [lesson.name for lesson in found][:2] == ["tutorial", "containers"]
    assert all(project.playbook(lesson.playbook).exists() for lesson in found)


def test_names_choose_lessons_once(project):
    assert [one.name for one in choose(project, ("state", "cluster", "state"))] == [
        "state",
        "cluster",
    ]
    assert choose(project, ("all",)) == lessons(project)


def test_an_unknown_name_is_an_error(project):
    with pytest.raises(UsageError, match="Unknown lesson 'stat'"):
        choose(project, ("stat",))


def test_evidence_is_read_by_run(project):
    lesson = choose(project, ("state",))[0]
    assert lesson.evidence(project) is None
    write_evidence(project, "state", evidence())
    write_evidence(project, "state", evidence(seconds=1), ".check")
    assert lesson.evidence(project)["seconds"] == 61
    assert lesson.evidence(project, ".check")["seconds"] == 1
    (project.state / "lessons/state.json").write_text("[")
    assert lesson.evidence(project) is None


def test_texts_exist_in_both_languages(project):
    lesson = choose(project, ("state",))[0]
    assert lesson.text(project, "en").title != lesson.text(project, "ko").title
