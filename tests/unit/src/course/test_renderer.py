"""Tests of ``slipway.course.renderer``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import parse
from slipway.course.renderer import Entry, Renderer

TEXT = "# Title of {name}\n\nOne {{{{ namespace }}}}.\n\n## `a` Step\n\nText.\n"


@pytest.fixture
def entries():
    return [
        Entry(name, parse(TEXT.format(name=name)), number=number)
        for number, name in enumerate(("demo", "mine"), 1)
    ]


@pytest.fixture
def renderer(project, lines, entries):
    return Renderer(project, lines, "en", entries)


def test_the_index_leads_to_each_lesson(renderer):
    page = renderer.index()
    assert 'href="demo.html">Title of demo' in page and 'href="mine.html">Title of mine' in page


def test_a_lesson_has_its_values_and_its_neighbours(renderer, entries):
    page = renderer.lesson(entries[0], "demo.html", after=entries[1])
    assert "One learn-demo." in page and 'rel="next" href="mine.html"' in page
    assert 'rel="prev"' not in page and 'href="index.html"' in page and "Lesson 1" in page


def test_a_lesson_outside_of_the_course_has_no_number(project, lines):
    alone = Entry("own", parse(TEXT.format(name="own")))
    page = Renderer(project, lines, "ko", [alone]).lesson(alone, "index.html", problems=["<b>"])
    assert "수업 0" not in page and "<code>&lt;b&gt;</code>" in page
    assert 'href="index.html"' not in page
