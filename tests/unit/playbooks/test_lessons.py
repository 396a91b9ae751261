"""Lessons, their texts in both languages and their evidence fit together."""

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LANGUAGES
from slipway.lab.project import locate
from slipway.lessons.catalogue import lessons
from support.playbook_tasks import tasks_of

ROOT = Path(__file__).resolve().parents[3]
PROJECT = locate(environ={"SLIPWAY_PROJECT": str(ROOT), "HOME": "/nowhere"})
LESSONS = {lesson.name: lesson for lesson in lessons(PROJECT)}


@pytest.fixture(params=LESSONS)
def lesson(request):
    """A lesson: its playbook, and its texts by language."""
    one = LESSONS[request.param]
    playbook = yaml.safe_load(PROJECT.playbook(one.playbook).read_text())
    return one.name, playbook, {language: one.text(PROJECT, language) for language in LANGUAGES}


def used(playbook, module, key):
    name = f"slipway.lab.{module}"
    return [task[name][key] for task in tasks_of(playbook) if name in task]


def test_texts_and_playbook_have_the_same_ids(lesson):
    _, playbook, texts = lesson
    for text in texts.values():
        assert text.title and text.idea
        assert [step.id for step in text.steps] == used(playbook, "lesson_step", "id")
        assert list(text.claims) == used(playbook, "claim", "name")
        assert list(text.plots) == used(playbook, "lesson_measurement", "name")
        assert list(text.breaks) == list(playbook[0]["vars"]["lesson_breaks"])
        assert all(step.text for step in text.steps)


def test_every_lesson_can_be_broken_on_known_claims(lesson):
    _, playbook, texts = lesson
    breaks = playbook[0]["vars"]["lesson_breaks"]
    assert breaks
    for what, about in breaks.items():
        named = {*about["fails"], *about.get("may_fail", [])}
        assert about["fails"] and named <= set(texts["en"].claims)
        assert re.search(f"lesson_break [!=]= '{what}'", str(playbook).replace("\\'", "'"))


def conditions(tasks, above=()):
    """Yield each task with its conditions and those of the blocks around it."""
    for task in tasks:
        known = (*above, str(task.get("when", "")))
        yield task, known
        for part in ("block", "rescue", "always"):
            yield from conditions(task.get(part, []), known)


def test_only_minikube_runs_steps_of_minikube(lesson):
    for task, known in conditions(lesson[1][0]["tasks"]):
        if any(module in task for module in ("slipway.lab.minikube", "slipway.lab.minikube_info")):
            assert "not lesson_no_minikube" in known, task["name"]


def test_playbook_is_a_lesson(lesson):
    name, playbook, _ = lesson
    assert len(playbook) == 1
    play = playbook[0]
    assert play["vars"]["lesson_name"] == name == play["tags"][0]
    block = play["tasks"][0]
    assert "begin.yml" in str(block["block"][0])
    assert "failed.yml" in str(block["rescue"])
    assert "end.yml" in str(block["always"])


def test_korean_is_korean(lesson):
    text = lesson[2]["ko"]
    for words in (text.idea, *text.claims.values(), *text.plots.values(), *text.breaks.values()):
        assert re.search("[가-힣]", words), words
