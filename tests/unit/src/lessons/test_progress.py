"""Tests of ``slipway.lessons.progress``."""

from slipway.lessons.progress import tasks_done


def test_tasks_that_are_done_are_counted_without_puzzles(project, practice, file):
    assert tasks_done(project, "demo", practice.text) == 0
    practice.record.begin("sum-wrong")
    file.write_text("4")
    practice.check(0)
    assert tasks_done(project, "demo", practice.text) == 0
    practice.record.begin("write-sum")
    practice.check(0)
    assert tasks_done(project, "demo", practice.text) == 1
