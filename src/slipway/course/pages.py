"""Write the course as static pages: an index and a page of each lesson, in each language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LANGUAGES,
)
from slipway.course.renderer import HERE, INDEX, Entry, Renderer
from slipway.course.words import WORDS
from slipway.lab.project import Project
from slipway.launcher import CommandLine
from slipway.lessons.catalogue import lessons

ASSETS = ("course.css", "course.js")
TERMINAL = "terminal.js"


def write_course(
    project: Project, lines: CommandLine, target: Path, live: bool = False
) -> list[Path]:
    """Write all pages; return their paths.

    Args:
        project: The lab, whose values the texts get.
        lines: Writes command lines for the lab.
        target: Directory of the pages, which is created.
        live: Whether the pages get a terminal, which needs the server of `lesson page`.
    """
    written = write_assets(target, (*ASSETS, TERMINAL) if live else ASSETS)
    for language in LANGUAGES:
        for path, text in _pages(project, lines, language, live):
            written.append(write_page(target / language / path, text))
    start = f'<meta http-equiv="refresh" content="0; url={LANGUAGES[0]}/{INDEX}">'
    title = f"<title>{WORDS['course'][LANGUAGES[0]]}</title>"
    link = f'<a href="{LANGUAGES[0]}/{INDEX}">English</a> <a href="ko/{INDEX}" lang="ko">한국어</a>'
    page = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8">{title}{start}{link}</html>\n'
    return [*written, write_page(target / INDEX, page)]


def write_assets(target: Path, names: Sequence[str] = ASSETS) -> list[Path]:
    """Write the files that all pages use; return their paths."""
    return [write_page(target / name, (HERE / name).read_text(encoding="utf-8")) for name in names]


def write_page(path: Path, text: str) -> Path:
    """Write a file, and the directory in which it is; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _pages(
    project: Project, lines: CommandLine, language: str, live: bool
) -> Iterator[tuple[str, str]]:
    entries = [
        Entry(one.name, one.text(project, language), one.tasks(project), number)
        for number, one in enumerate(lessons(project), 1)
    ]
    renderer = Renderer(project, lines, language, entries, live)
    yield INDEX, renderer.index()
    near = zip(entries, [None, *entries], [*entries[1:], None], strict=False)
    for entry, before, after in near:
        page = f"{entry.name}.html"
        yield page, renderer.lesson(entry, page, before, after)
