"""Tests of ``slipway.lessons.rehearse``."""

import json
from dataclasses import replace

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice import rehearsal
from slipway.lessons.rehearse import rehearse_lesson


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(rehearsal, "RED_SECONDS", 0)


def test_a_good_lesson(practice, capsys):
    assert rehearse_lesson(practice, (), as_json=False) == 0
    shown = capsys.readouterr().out
    assert shown.count("✓") == 3 and "2 wrong solutions, reset in" in shown


def test_a_task_with_a_problem(practice, capsys):
    task = practice.tasks.tasks["write-sum"]
    practice.tasks.tasks["write-sum"] = replace(task, wrong=())
    assert rehearse_lesson(practice, ("write-sum",), as_json=False) == 1
    assert "needs two" in capsys.readouterr().out
    assert rehearse_lesson(practice, ("write-sum",), as_json=True) == 1
    (row,) = json.loads(capsys.readouterr().out)["rehearsed"]
    assert row["task"] == "write-sum" and len(row["problems"]) == 1
