"""The pages of one lesson, which are written again when its author saves a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LANGUAGES, parse
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.lint import lint_lesson
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    TasksError,
    read_tasks,
)
from slipway.course.pages import write_assets, write_page
from slipway.course.renderer import INDEX, Entry, Renderer
from slipway.lab.project import Project
from slipway.lab.watching import Stamp, stamp_of
from slipway.launcher import CommandLine

MISTAKES = (OSError, ValueError, LookupError, TasksError, TemplateError)


class Preview:
    """The pages of a lesson.

    Args:
        project: The lab, whose values the texts get.
        lines: Writes command lines for the lab.
        folder: Directory of the lesson.
        name: Name of the lesson.
        target: Directory of the pages, which is created.
        report: Receives the mistakes of the lesson, each time that the pages are written.
    """

    def __init__(
        self,
        project: Project,
        lines: CommandLine,
        folder: Path,
        name: str,
        target: Path,
        report: Callable[[list[str]], None],
    ):
        self._project, self._lines = project, lines
        self._folder, self._name, self._target = folder, name, target
        self._report = report
        self._stamp: Stamp | None = None
        self._version = 0
        write_assets(target)
        self.state()

    def state(self) -> dict[str, Any]:
        """Write the pages again if a file has changed; return the state that pages ask for.

        A page loads again when ``version`` is another one.
        """
        stamp = stamp_of(self._folder.glob("*"))
        if stamp != self._stamp:
            self._stamp = stamp
            self._version += 1
            self._write()
        return {"lesson": None, "task": None, "checks": [], "lessons": {}, "version": self._version}

    def _write(self) -> None:
        problems = lint_lesson(self._folder)
        self._report(problems)
        for language in LANGUAGES:
            write_page(self._target / language / INDEX, self._page(language, problems))

    def _page(self, language: str, problems: list[str]) -> str:
        """Return the page, or only its mistakes as long as the lesson cannot be read."""
        try:
            text = parse((self._folder / f"{language}.md").read_text(encoding="utf-8"))
            return self._render(
                language, Entry(self._name, text, read_tasks(self._folder)), problems
            )
        except MISTAKES as problem:
            return self._render(language, Entry(self._name), problems or [str(problem)])

    def _render(self, language: str, entry: Entry, problems: list[str]) -> str:
        renderer = Renderer(self._project, self._lines, language, [entry])
        return renderer.lesson(entry, INDEX, problems=problems, version=self._version)
