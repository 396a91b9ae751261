"""Tests of ``slipway.classroom.page``."""

import pytest

from slipway.classroom import page
from slipway.classroom.page import WORDS, read_state, write_page
from slipway.lab.cluster import ClusterError


def test_the_page_has_both_languages(tmp_path):
    write_page(tmp_path, "math", "./slipway class show math")
    english, korean = ((tmp_path / one / "index.html").read_text() for one in ("en", "ko"))
    assert "<h1>math</h1>" in english and 'href="../ko/index.html"' in english
    assert "학생" in korean and "./slipway class show math" in korean
    assert {one.name for one in tmp_path.iterdir()} == {
        "en", "ko", "course.css", "board.css", "board.js",
    }  # fmt: skip
    assert all(set(words) == {"en", "ko"} for words in WORDS.values())


@pytest.mark.parametrize("problem", [ClusterError("the cluster cannot be read: no answer")])
def test_a_lab_that_does_not_answer_is_reported_on_the_page(monkeypatch, problem):
    def read(project, name):
        raise problem

    monkeypatch.setattr(page, "read_class", read)
    assert read_state(None, "math") == {"problem": str(problem)}
