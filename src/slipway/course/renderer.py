"""Render the pages of lessons in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LANGUAGES,
    LessonText,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Tasks
from slipway.course.markup import Markdown
from slipway.course.values import Values
from slipway.course.words import WORDS
from slipway.lab.project import Project
from slipway.launcher import CommandLine

HERE = Path(__file__).parent
INDEX = "index.html"


@dataclass
class Entry:
    """A lesson of the course: what a page shows of it. ``number`` is its place in the course, 0 outside of it."""

    name: str
    text: LessonText = field(default_factory=LessonText)
    tasks: Tasks = field(default_factory=Tasks)
    number: int = 0


class Renderer:
    """The pages in one language.

    Args:
        project: The lab, whose values the texts get.
        lines: Writes command lines for the lab.
        language: One of LANGUAGES.
        entries: The lessons.
        live: Whether the pages get a terminal, which needs the server of `lesson page`.
    """

    def __init__(
        self,
        project: Project,
        lines: CommandLine,
        language: str,
        entries: Sequence[Entry],
        live: bool = False,
    ):
        self._values = Values(project)
        self._templates = Environment(
            loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        host = str(self._values.of(entries[0].name)["host"])
        self._shared: dict[str, Any] = {
            "lessons": entries, "language": language, "lines": lines,
            "other": next(one for one in LANGUAGES if one != language),
            "markdown": Markdown(language, lines, host),
            "say": lambda word: WORDS[word][language], "from_lab": self._values.from_lab,
            "live": live,
        }  # fmt: skip

    def index(self) -> str:
        """Return the page that lists the lessons."""
        template = self._templates.get_template("index.html.j2")
        return template.render(self._shared, page=INDEX, fill=self._values.fill)

    def lesson(
        self,
        entry: Entry,
        page: str,
        before: Entry | None = None,
        after: Entry | None = None,
        problems: Sequence[str] = (),
        version: int = 0,
    ) -> str:
        """Return the page of a lesson.

        Args:
            entry: The lesson.
            page: Name of the page's file.
            before: The lesson before it.
            after: The lesson after it.
            problems: Mistakes of the lesson, which come first.
            version: The version of a preview, which is loaded again when there is another one.
        """

        def fill(text: str) -> str:
            return self._values.fill(entry.name, text)

        template = self._templates.get_template("lesson.html.j2")
        return template.render(
            self._shared, lesson=entry, page=page, before=before, after=after, problems=problems,
            version=version, fill=fill,
        )  # fmt: skip
