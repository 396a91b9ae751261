"""Tests of ``slipway.lessons.listing``."""

from dataclasses import replace

import pytest

from slipway.lab.project import locate
from slipway.lessons.catalogue import lessons
from slipway.lessons.listing import list_lessons
from support.json_document import read_document


@pytest.fixture
def project(tmp_path):
    return replace(locate(), state=tmp_path)


def test_lessons_that_never_ran_have_no_result(project, capsys):
    list_lessons(project, "ko", as_json=True)
    rows = read_document("lesson-list", capsys.readouterr().out)["lessons"]
    assert [row["lesson"] for row in rows] == [lesson.name for lesson in lessons(project)]
    assert {row["passed"] for row in rows} == {None}
    assert all(row["claims"] > 0 for row in rows)


def test_the_table_names_all_lessons(project, capsys):
    assert list_lessons(project, "en", as_json=False) == 0
    out = capsys.readouterr().out
    assert all(lesson.name in out for lesson in lessons(project))
