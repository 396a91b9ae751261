"""Tests of ``slipway.course.preview``."""

import shutil

import pytest

from slipway.course.preview import Preview
from slipway.lessons.own_lessons import TEMPLATE


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(TEMPLATE, tmp_path / "my-lesson")
    return tmp_path / "my-lesson"


@pytest.fixture
def shown(project, lines, folder, tmp_path):
    """The preview of a new lesson; ``shown.said`` has its mistakes, ``shown.pages`` is their directory."""
    said = []
    made = Preview(project, lines, folder, "my-lesson", tmp_path / "pages", said.append)
    made.said, made.pages = said, tmp_path / "pages"
    return made


def test_a_new_lesson_is_shown_in_both_languages(shown, folder):
    assert shown.said == [[]]
    for language in ("en", "ko"):
        title = (folder / f"{language}.md").read_text().splitlines()[0].removeprefix("# ")
        page = (shown.pages / language / "index.html").read_text()
        assert f"<h1>{title}</h1>" in page and "data-task=" in page
        assert 'href="index.html"' not in page and 'id="problems"' not in page
    assert (shown.pages / "course.js").exists()


def test_pages_are_written_again_after_a_change_only(shown, folder):
    first = shown.state()["version"]
    assert shown.state()["version"] == first and len(shown.said) == 1
    text = folder / "en.md"
    text.write_text("# Another title\n" + text.read_text().partition("\n")[2])
    assert shown.state()["version"] == first + 1
    page = (shown.pages / "en/index.html").read_text()
    assert "Another title" in page and f'data-version="{first + 1}"' in page


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("tasks.yml", "tasks: ["),
        ("tasks.yml", "tasks: {no-text: {}}\nother: 1\n"),
        ("en.md", "# Twice\n\n## `a` A\n\n## `a` A\n- `x` X\n- `x` X\n"),
        ("en.md", "# {{ no_such_value }}\n\n{{ broken\n"),
        ("ko.md", None),
    ],
)
def test_mistakes_come_first_and_go_with_their_cause(shown, folder, file, text):
    before = (folder / file).read_text()
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(text)
    shown.state()
    assert shown.said[-1]
    for language in ("en", "ko"):
        assert 'id="problems"' in (shown.pages / language / "index.html").read_text()
    (folder / file).write_text(before)
    shown.state()
    assert (
        shown.said[-1] == [] and 'id="problems"' not in (shown.pages / "en/index.html").read_text()
    )
