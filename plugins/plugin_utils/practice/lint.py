"""Rules for the tasks of a lesson: texts in both languages, checks and solutions fit together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from jinja2 import Environment, TemplateError

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LANGUAGES,
    LessonText,
    TaskText,
    parse,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.expressions import environment
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.rehearsal import typed_commands
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import VALUES
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    FILE,
    Task,
    Tasks,
    TasksError,
    read_tasks,
)

WRONG_SOLUTIONS = 2
HINTS = range(1, 4)
GRADES = (1, 2, 3)


def lint_lesson(folder: Path) -> list[str]:
    """Return what is wrong with the tasks of a lesson; each problem names its place.

    Args:
        folder: The lesson's folder, with ``tasks.yml`` and a text for each language.
    """
    missing = [
        name for name in (FILE, *(f"{one}.md" for one in LANGUAGES)) if not (folder / name).exists()
    ]
    if missing:
        return [f"{folder / name}: missing" for name in missing]
    try:
        tasks = read_tasks(folder)
    except TasksError as problem:
        return [str(problem)]
    texts: dict[str, LessonText] = {}
    for language in LANGUAGES:
        file = folder / f"{language}.md"
        try:
            texts[language] = parse(file.read_text(encoding="utf-8"))
        except ValueError as problem:
            return [f"{file}: {problem}"]
    return [*_ids(tasks, texts), *_each(tasks, texts), *_templates(tasks, texts)]


def _ids(tasks: Tasks, texts: dict[str, LessonText]) -> Iterator[str]:
    for language, text in texts.items():
        for kind, told, known in (
            ("tasks", text.tasks, tasks.tasks),
            ("puzzles", text.puzzles, tasks.puzzles),
        ):
            ids = [task.id for task in told]
            if ids != list(known):
                yield f"{language}.md: {kind} {', '.join(ids)}; {FILE}: {', '.join(known)}"


def _each(tasks: Tasks, texts: dict[str, LessonText]) -> Iterator[str]:
    for task in (*tasks.tasks.values(), *tasks.puzzles.values()):
        words = {language: text.task(task.name) for language, text in texts.items()}
        for rule in (_solutions, _puzzle):
            yield from (f"{task.name}: {problem}" for problem in rule(task, tasks))
        for language, text in words.items():
            yield from (f"{language}.md: {task.name}: {one}" for one in _text(task, text))
        yield from (f"{task.name}: {problem}" for problem in _languages(*words.values()))
        if not re.search("[가-힣]", words["ko"].title + words["ko"].text):
            yield f"ko.md: {task.name}: not in Korean"


def _solutions(task: Task, tasks: Tasks) -> Iterator[str]:
    if not task.solution:
        yield "no solution"
    if len(task.wrong) < WRONG_SOLUTIONS:
        yield f"{len(task.wrong)} wrong solutions, at least {WRONG_SOLUTIONS} are needed"


def _puzzle(task: Task, tasks: Tasks) -> Iterator[str]:
    if task.name in tasks.puzzles:
        if task.grade not in GRADES:
            yield "a puzzle has a grade from 1 to 3"
        if not task.scene:
            yield "a puzzle has a scene, which makes the fault"


def _text(task: Task, words: TaskText) -> Iterator[str]:
    if not words.text:
        yield "no text"
    checks = [check.name for check in task.checks]
    if list(words.checks) != checks:
        yield f"checks {', '.join(words.checks)}; {FILE}: {', '.join(checks)}"
    if len(words.hints) not in HINTS:
        yield f"{len(words.hints)} hints, one to three are needed"
    if bool(words.question) != bool(task.answer or task.measure):
        yield "a question needs `predict` with answer or measure, and the other way round"
    fixed = task.answer and "{" not in task.answer and not task.measure
    if words.choices and fixed and task.answer not in words.choices:
        yield f"the answer {task.answer!r} is not one of the choices"


def _languages(english: TaskText, korean: TaskText) -> Iterator[str]:
    if typed_commands(english.text) != typed_commands(korean.text):
        yield "the languages have different commands"
    if list(english.choices) != list(korean.choices):
        yield "the languages have different choices"
    if len(english.hints) != len(korean.hints):
        yield "the languages have different numbers of hints"


def _templates(tasks: Tasks, texts: dict[str, LessonText]) -> Iterator[str]:
    texts_environment = Environment()
    for place, template in _all_templates(tasks, texts):
        yield from _readable(place, template, texts_environment.from_string)
        for name in re.findall(r"{{-?\s*(\w+)", template):
            if name not in VALUES:
                yield f"{place}: unknown value {name}"
    for task in (*tasks.tasks.values(), *tasks.puzzles.values()):
        for check in task.checks:
            place = f"{task.name}: {check.name}"
            yield from _readable(place, check.that, environment().compile_expression)
            yield from _readable(place, check.seen, environment().from_string)


def _readable(place: str, template: str, read: Callable[[str], object]) -> Iterator[str]:
    try:
        read(template)
    except TemplateError as problem:
        yield f"{place}: {template}: {problem}"


def _all_templates(tasks: Tasks, texts: dict[str, LessonText]) -> Iterator[tuple[str, str]]:
    for command in tasks.clean:
        yield "scene.clean", command.text
    for task in (*tasks.tasks.values(), *tasks.puzzles.values()):
        commands = [*task.scene, *task.solution]
        commands += [one for wrong in task.wrong for one in wrong.commands]
        for text in (*(one.text for one in commands), *(one.subject for one in task.checks)):
            yield task.name, text
        yield task.name, task.measure
    for language, text in texts.items():
        for words in (*text.tasks, *text.puzzles):
            for one in (words.text, words.question, *words.checks.values(), *words.hints):
                yield f"{language}.md: {words.id}", one
