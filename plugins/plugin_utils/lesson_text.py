"""The text of a lesson: ``playbooks/lessons/NAME/LANG.md``, the one place for what people read about it.

The form is Markdown that reads well by itself::

    # Title
    The idea, in paragraphs.
    ## `step` Title of a step
    What is done.
    - `claim` What must be true.
    - plot `evidence` What the plot shows.
    - break `break` What is broken on purpose.
    ### `task` Title of a task for the student
    What the student does.
    - predict A question about what will happen.
      - `choice` An answer to choose.
    - check `check` What must be true afterwards.
    - hint What helps.

Ids in code style tie it to the playbook and to ``tasks.yml``; they are the same in all languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("en", "ko")
STEP = re.compile(r"## `([\w-]+)` (.+)")
ITEM = re.compile(r"- (?:(\w+) )?`([\w-]+)` (.+)")
KINDS = {"plot": "plots", "그림": "plots", "break": "breaks", "고장": "breaks"}
TASK = re.compile(r"### `([\w-]+)` (.+)")
CHECK = re.compile(r"- (?:check|확인) `([\w-]+)` (.+)")
QUESTION = re.compile(r"- (?:predict|예측) (.+)")
CHOICE = re.compile(r"  - `([\w-]+)` (.+)")
HINT = re.compile(r"- (?:hint|힌트) (.+)")


@dataclass
class TaskText:
    """A task for the student: its text, the question before it, its checks in words, and its hints."""

    id: str
    title: str
    text: str = ""
    question: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Read a line of the task."""
        if match := CHECK.fullmatch(line):
            if match[1] in self.checks:
                raise ValueError(f"{match[1]} comes twice")
            self.checks[match[1]] = match[2]
        elif match := QUESTION.fullmatch(line):
            self.question = match[1]
        elif match := HINT.fullmatch(line):
            self.hints.append(match[1])
        elif self.question and not self.checks and (match := CHOICE.fullmatch(line)):
            self.choices[match[1]] = match[2]
        elif line.startswith("  ") and line.strip() and self._continue(" " + line.strip()):
            pass
        else:
            self.text += line + "\n"

    def _continue(self, words: str) -> bool:
        """Append words to the item before; return whether there is one."""
        if self.hints:
            self.hints[-1] += words
        elif self.checks:
            self.checks[list(self.checks)[-1]] += words
        elif self.choices:
            self.choices[list(self.choices)[-1]] += words
        elif self.question:
            self.question += words
        else:
            return False
        return True


@dataclass
class Step:
    """A step: its id, its title, what is done in it as Markdown, the names of its claims, its tasks."""

    id: str
    title: str
    text: str = ""
    claims: list[str] = field(default_factory=list)
    tasks: list[TaskText] = field(default_factory=list)


@dataclass
class LessonText:
    """The text of a lesson in one language."""

    title: str = ""
    idea: str = ""
    steps: list[Step] = field(default_factory=list)
    claims: dict[str, str] = field(default_factory=dict)
    plots: dict[str, str] = field(default_factory=dict)
    breaks: dict[str, str] = field(default_factory=dict)
    puzzles: list[TaskText] = field(default_factory=list)

    @property
    def tasks(self) -> list[TaskText]:
        """Return the tasks of all steps, in order."""
        return [task for step in self.steps for task in step.tasks]

    def task(self, name: str) -> TaskText:
        """Return a task or a puzzle; one that has no text is its own title."""
        every = [*self.tasks, *self.puzzles]
        return next((task for task in every if task.id == name), TaskText(name, name))

    def step(self, name: str) -> Step:
        """Return a step; one that has no text is its own title."""
        return next((step for step in self.steps if step.id == name), Step(name, name))


def lesson_folder(lessons: Path, lesson: str) -> Path:
    """Return the folder of a lesson, whose name has ``_`` for ``-``.

    Args:
        lessons: ``playbooks/lessons``.
        lesson: Name of the lesson.
    """
    return lessons / lesson.replace("-", "_")


def read_text(lessons: Path, lesson: str, language: str) -> LessonText:
    """Read the text of a lesson.

    Args:
        lessons: ``playbooks/lessons``.
        lesson: Name of the lesson.
        language: One of LANGUAGES.
    """
    return parse((lesson_folder(lessons, lesson) / f"{language}.md").read_text(encoding="utf-8"))


def parse(markdown: str) -> LessonText:
    """Read a lesson's text.

    :raises ValueError: an id comes twice.
    """
    lesson = LessonText()
    items: dict[str, str] | None = None  # the kind of item that a continued line belongs to
    name = ""
    task: TaskText | None = None
    inside = True  # a heading without an id begins a part that has items and puzzles only
    for line in markdown.splitlines():
        if line.startswith("# ") and not task:
            lesson.title = line[2:].strip()
        elif match := STEP.fullmatch(line):
            lesson.steps.append(Step(match[1], match[2]))
            items, inside, task = None, True, None
        elif line.startswith("## "):
            items, inside, task = None, False, None
        elif match := TASK.fullmatch(line):
            task = TaskText(match[1], match[2])
            (lesson.steps[-1].tasks if inside and lesson.steps else lesson.puzzles).append(task)
        elif task:
            task.read(line)
        elif match := ITEM.fullmatch(line):
            items = getattr(lesson, KINDS.get(match[1] or "", "claims"))
            name = match[2]
            if name in items:
                raise ValueError(f"{name} comes twice")
            items[name] = match[3]
            if items is lesson.claims and lesson.steps:
                lesson.steps[-1].claims.append(name)
        elif items is not None and line.startswith("  "):
            items[name] += " " + line.strip()
        else:
            items = None
            if inside:
                _append(lesson, line)
    return _stripped(lesson)


def _stripped(lesson: LessonText) -> LessonText:
    lesson.idea = lesson.idea.strip()
    for part in (*lesson.steps, *lesson.tasks, *lesson.puzzles):
        part.text = part.text.strip()
    return lesson


def _append(lesson: LessonText, line: str) -> None:
    if lesson.steps:
        lesson.steps[-1].text += line + "\n"
    else:
        lesson.idea += line + "\n"
