"""The board of a class as a page on loopback, in English and Korean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LANGUAGES
from slipway.classroom.board import read_class
from slipway.course.renderer import HERE as COURSE
from slipway.errors import SlipwayError
from slipway.lab.project import Project

HERE = Path(__file__).parent
WORDS = {
    "class": {"en": "Class", "ko": "반"},
    "language": {"en": "한국어", "ko": "English"},
    "student": {"en": "Student", "ko": "학생"},
    "lesson": {"en": "Lesson", "ko": "수업"},
    "tasks": {"en": "Tasks", "ko": "과제"},
    "now": {"en": "Now", "ko": "현재 과제"},
    "checks": {"en": "Checks", "ko": "확인"},
    "hints": {"en": "Hints", "ko": "힌트"},
    "done": {"en": "done", "ko": "완료"},
    "solved": {"en": "with the solution", "ko": "풀이 사용"},
    "open": {"en": "begun", "ko": "진행 중"},
    "new": {"en": "not begun", "ko": "시작 전"},
    "noscript": {
        "en": "The page needs JavaScript. Without it:",
        "ko": "이 페이지에는 JavaScript가 필요합니다. 없으면 다음 명령을 사용하세요.",
    },
}


def write_page(folder: Path, name: str, command: str) -> None:
    """Write the page of a class into a directory.

    Args:
        folder: The directory.
        name: Name of the class.
        command: The command line that shows the same in a terminal.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    )
    template = environment.get_template("board.html.j2")
    for source in (COURSE / "course.css", HERE / "board.css", HERE / "board.js"):
        (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    for language in LANGUAGES:
        other = next(one for one in LANGUAGES if one != language)

        def say(word: str, language: str = language) -> str:
            return WORDS[word][language]

        text = template.render(language=language, other=other, say=say, name=name, command=command)
        (folder / language).mkdir(exist_ok=True)
        (folder / language / "index.html").write_text(text, encoding="utf-8")


def read_state(project: Project, name: str) -> dict[str, Any]:
    """Return the board for the page, or why it cannot be read now."""
    try:
        return read_class(project, name)
    except SlipwayError as problem:
        return {"problem": str(problem)}
