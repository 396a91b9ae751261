"""Tasks of lessons, their texts in both languages and their checks fit together."""

import json
import re
from pathlib import Path

import pytest
from jinja2 import Environment

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LANGUAGES
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.rehearsal import typed_commands
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import read_tasks
from slipway.lab.project import locate
from slipway.lessons.catalogue import folder, lessons

ROOT = Path(__file__).resolve().parents[3]
PROJECT = locate(environ={"SLIPWAY_PROJECT": str(ROOT), "HOME": "/nowhere"})
# Values that playbooks/lessons/vars/practice.yml provides.
VALUES = {"lesson", "namespace", "registry", "images", "host_images", "host", "node_port", "url",
          "nodes", "node_address", "vegeta"}  # fmt: skip
NAMES = [
    lesson.name
    for lesson in lessons(PROJECT)
    if (folder(PROJECT) / lesson.name.replace("-", "_") / "tasks.yml").exists()
]


@pytest.fixture(params=NAMES)
def lesson(request):
    """The tasks of a lesson, and its texts by language."""
    (one,) = [lesson for lesson in lessons(PROJECT) if lesson.name == request.param]
    tasks = read_tasks(folder(PROJECT) / one.name.replace("-", "_"))
    return tasks, {language: one.text(PROJECT, language) for language in LANGUAGES}


def every(tasks):
    return [*tasks.tasks.values(), *tasks.puzzles.values()]


def test_texts_and_tasks_have_the_same_ids(lesson):
    tasks, texts = lesson
    for text in texts.values():
        assert [task.id for task in text.tasks] == list(tasks.tasks)
        assert [task.id for task in text.puzzles] == list(tasks.puzzles)
        for task in every(tasks):
            words = text.task(task.name)
            assert words.title and words.text, task.name
            assert list(words.checks) == [check.name for check in task.checks], task.name
            assert bool(words.question) == bool(task.answer or task.measure), task.name


def test_both_languages_have_the_same_commands_choices_and_number_of_hints(lesson):
    tasks, texts = lesson
    for task in every(tasks):
        english, korean = (texts[language].task(task.name) for language in LANGUAGES)
        assert typed_commands(english.text) == typed_commands(korean.text), task.name
        assert list(english.choices) == list(korean.choices), task.name
        assert 1 <= len(english.hints) == len(korean.hints) <= 3, task.name


def test_a_right_choice_is_one_of_the_choices(lesson):
    tasks, texts = lesson
    for task in every(tasks):
        choices = texts["en"].task(task.name).choices
        if choices and "{" not in task.answer and not task.measure:
            assert task.answer in choices, task.name


def test_every_task_has_two_wrong_solutions_and_a_solution(lesson):
    for task in every(lesson[0]):
        assert task.solution, task.name
        assert len(task.wrong) >= 2, task.name


def test_puzzles_have_grades_and_scenes(lesson):
    for puzzle in lesson[0].puzzles.values():
        assert puzzle.grade in (1, 2, 3) and puzzle.scene, puzzle.name


def test_templates_use_known_values_only(lesson):
    tasks, texts = lesson
    templates = [command.text for command in tasks.clean]
    for task in every(tasks):
        templates += [one.text for one in (*task.scene, *task.solution)]
        templates += [one.text for wrong in task.wrong for one in wrong.commands]
        templates += [check.subject for check in task.checks] + [task.measure]
    for text in texts.values():
        for task in (*text.tasks, *text.puzzles):
            templates += [task.text, task.question, *task.checks.values(), *task.hints]
    for template in templates:
        names = set(re.findall(r"{{-?\s*(\w+)", template))
        assert names <= VALUES, template
        Environment().from_string(template)


def test_conditions_can_be_read(lesson):
    environment = Environment()
    environment.filters["from_json"] = json.loads
    for task in every(lesson[0]):
        for check in task.checks:
            environment.compile_expression(check.that)
            environment.from_string(check.seen)


def test_korean_is_korean(lesson):
    text = lesson[1]["ko"]
    for task in (*text.tasks, *text.puzzles):
        for words in (task.title, task.text, *task.checks.values(), *task.hints):
            assert re.search("[가-힣]", words), words
