"""Write the course as static pages: an index and a page of each lesson, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LANGUAGES,
)
from slipway.course.markup import Markdown
from slipway.course.values import Values
from slipway.course.words import WORDS
from slipway.lab.project import Project
from slipway.launcher import CommandLine
from slipway.lessons.catalogue import lessons

HERE = Path(__file__).parent
ASSETS = ("course.css", "course.js")


def write_course(project: Project, lines: CommandLine, target: Path) -> list[Path]:
    """Write all pages; return their paths.

    Args:
        project: The lab, whose values the texts get.
        lines: Writes command lines for the lab.
        target: Directory of the pages, which is created.
    """
    written = []
    for name in ASSETS:
        written.append(_write(target / name, (HERE / name).read_text(encoding="utf-8")))
    for language in LANGUAGES:
        for path, text in _pages(project, lines, language):
            written.append(_write(target / language / path, text))
    start = f'<meta http-equiv="refresh" content="0; url={LANGUAGES[0]}/index.html">'
    title = f"<title>{WORDS['course'][LANGUAGES[0]]}</title>"
    link = f'<a href="{LANGUAGES[0]}/index.html">English</a> <a href="ko/index.html" lang="ko">한국어</a>'
    page = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8">{title}{start}{link}</html>\n'
    return [*written, _write(target / "index.html", page)]


def _pages(project: Project, lines: CommandLine, language: str) -> Iterator[tuple[str, str]]:
    values = Values(project)
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    every = [
        {
            "name": lesson.name,
            "number": number,
            "text": lesson.text(project, language),
            "tasks": lesson.tasks(project),
        }
        for number, lesson in enumerate(lessons(project), 1)
    ]
    other = next(one for one in LANGUAGES if one != language)
    shared: dict[str, Any] = {
        "lessons": every, "language": language, "other": other, "lines": lines,
        "markdown": Markdown(language, lines, str(values.of(every[0]["name"])["host"])),
        "say": lambda word: WORDS[word][language], "from_lab": values.from_lab,
    }  # fmt: skip
    index = environment.get_template("index.html.j2")
    yield "index.html", index.render(shared, page="index.html", fill=values.fill)
    template = environment.get_template("lesson.html.j2")
    for position, lesson in enumerate(every):
        near = {
            "before": every[position - 1] if position else None,
            "after": every[position + 1] if position + 1 < len(every) else None,
        }
        page = f"{lesson['name']}.html"

        def fill(text: str, name: str = lesson["name"]) -> str:
            return values.fill(name, text)

        yield page, template.render(shared, lesson=lesson, page=page, fill=fill, **near)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
