"""The text of a lesson: ``playbooks/lessons/NAME/LANG.md``, the one place for what people read about it.

The form is Markdown that reads well by itself::

    # Title
    The idea, in paragraphs.
    ## `step` Title of a step
    What is done.
    - `claim` What must be true.
    - plot `evidence` What the plot shows.
    - break `break` What is broken on purpose.

Ids in code style tie it to the playbook; they are the same in all languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("en", "ko")
STEP = re.compile(r"## `([\w-]+)` (.+)")
ITEM = re.compile(r"- (?:(\w+) )?`([\w-]+)` (.+)")
KINDS = {"plot": "plots", "그림": "plots", "break": "breaks", "고장": "breaks"}


@dataclass
class Step:
    """A step: its id, its title, and what is done in it as Markdown."""

    id: str
    title: str
    text: str = ""


@dataclass
class LessonText:
    """The text of a lesson in one language."""

    title: str = ""
    idea: str = ""
    steps: list[Step] = field(default_factory=list)
    claims: dict[str, str] = field(default_factory=dict)
    plots: dict[str, str] = field(default_factory=dict)
    breaks: dict[str, str] = field(default_factory=dict)

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
    inside = True  # a heading without an id begins a part that has items only
    for line in markdown.splitlines():
        if line.startswith("# "):
            lesson.title = line[2:].strip()
        elif match := STEP.fullmatch(line):
            lesson.steps.append(Step(match[1], match[2]))
            items, inside = None, True
        elif line.startswith("## "):
            items, inside = None, False
        elif match := ITEM.fullmatch(line):
            items = getattr(lesson, KINDS.get(match[1] or "", "claims"))
            name = match[2]
            if name in items:
                raise ValueError(f"{name} comes twice")
            items[name] = match[3]
        elif items is not None and line.startswith("  "):
            items[name] += " " + line.strip()
        else:
            items = None
            if inside:
                _append(lesson, line)
    lesson.idea = lesson.idea.strip()
    for step in lesson.steps:
        step.text = step.text.strip()
    return lesson


def _append(lesson: LessonText, line: str) -> None:
    if lesson.steps:
        lesson.steps[-1].text += line + "\n"
    else:
        lesson.idea += line + "\n"
