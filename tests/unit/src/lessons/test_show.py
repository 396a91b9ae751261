"""Tests of ``slipway.lessons.show``."""

from dataclasses import replace

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import NOT_REACHED
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LessonText
from slipway.lab.project import locate
from slipway.lessons.catalogue import lessons
from slipway.lessons.show import as_dict, show_list, show_result
from support.displayed_run import make_console, text_of
from support.lesson_results import claim, evidence, write_evidence

TEXT = LessonText(title="State", claims={"good": "It holds.", "bad": "It fails."})
CLAIMS = (
    claim("good", True, figure=2.5, unit="s"),
    claim("bad", False),
    claim("left", None, seen="no metrics"),
    claim("late", False, seen=NOT_REACHED),
)


def shown(result, every_claim):
    console = make_console(100)
    show_result(console, result, TEXT, every_claim)
    return text_of(console)


def test_a_run_without_evidence_is_a_failure():
    result = as_dict("state", None)
    assert (result["passed"], result["error"]) == (False, {"reason": "it did not start"})


def test_failed_and_skipped_claims_are_always_shown():
    text = shown(as_dict("state", evidence(*CLAIMS)), every_claim=False)
    for words in ("State", "1 of 4 claims, 1:01", "bad: expected 4", "seen 3",
                  "skipped: no", f"{NOT_REACHED}: late"):  # fmt: skip
        assert words in text
    assert "It holds." not in text


def test_all_claims_of_a_single_lesson_are_shown_with_their_figures():
    text = shown(as_dict("state", evidence(*CLAIMS)), every_claim=True)
    assert "It holds." in text and "2.5 s" in text


def test_a_failed_task_is_shown():
    result = as_dict("state", evidence(error={"task": "Deploy", "reason": "no answer"}))
    assert "Deploy: no answer" in shown(result, every_claim=False)


@pytest.mark.parametrize(("passed", "words"), [(True, "passed, 1:01"), (False, "failed, 1:01")])
def test_the_list_has_the_last_result(tmp_path, passed, words):
    project = replace(locate(), state=tmp_path)
    write_evidence(project, "state", evidence(claim("x", passed)))
    console = make_console(100)
    show_list(console, project, lessons(project), "en")
    assert words in text_of(console)
    assert len(text_of(console).splitlines()) == len(lessons(project)) + 1
