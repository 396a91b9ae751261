"""Tests of ``plugin_utils.lesson_text``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LessonText,
    lesson_folder,
    parse,
    read_text,
)


def test_text_continues_in_indented_lines():
    text = parse(
        "# T\nIdea.\n\n## `one` First\nDone.\n\n"
        "- `c` A claim\n  that continues.\n- plot `p` Plot.\n\n## Break it\n\n- 고장 `b` Broken.\n"
    )
    assert text.claims == {"c": "A claim that continues."}
    assert text.plots == {"p": "Plot."} and text.breaks == {"b": "Broken."}
    assert text.steps[0].title == "First" and text.steps[0].text == "Done."
    with pytest.raises(ValueError, match="twice"):
        parse("- `c` one\n- `c` two\n")


def test_a_step_without_a_text_is_its_own_title():
    step = LessonText().step("drift")
    assert (step.id, step.title, step.text) == ("drift", "drift", "")


def test_texts_are_read_by_language(tmp_path):
    folder = lesson_folder(tmp_path, "system-vs-application")
    assert folder.name == "system_vs_application"
    folder.mkdir()
    (folder / "ko.md").write_text("# 제목\n설명\n")
    assert read_text(tmp_path, "system-vs-application", "ko").title == "제목"
