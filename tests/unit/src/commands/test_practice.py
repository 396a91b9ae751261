"""Tests of ``slipway.commands.practice``."""

import json

import pytest

from support.json_document import read_document
from support.practice import make_scene


@pytest.fixture
def started(command, tmp_path):
    """The command on a lab on which ``demo`` was started."""
    state = command.make()
    make_scene(tmp_path / "bin", state / "practice")
    return command


def test_without_a_started_lesson(command):
    command.make()
    done = command("lesson", "check")
    assert done.exit_code == 2
    assert "no lesson was started; run: ./slipway lesson start tutorial" in done.stderr


def test_a_student_works_through_a_lesson(started, tmp_path):
    assert "Write the sum" in started("lesson", "task").stdout
    assert started("lesson", "predict", "4").exit_code == 0
    assert started("lesson", "check", "--wait", "0").exit_code == 1
    assert "A program calculates." in started("lesson", "hint").stdout
    assert "expr 2 + 2" in started("lesson", "solve", "--show").stdout
    (tmp_path / "bin/sum").write_text("4")
    done = started("lesson", "check")
    assert done.exit_code == 0 and "You predicted: 4 apples. Measured: 4 apples" in done.stdout
    assert "Copy the sum" in started("lesson", "next").stdout
    assert started("lesson", "solve").exit_code == 0
    assert "This was the last task." in started("lesson", "next").stdout
    document = read_document("practice", started("lesson", "progress", "--json").stdout)
    assert [one["state"] for one in document["tasks"]] == ["done", "solved", "new"]
    assert started("lesson", "reset").exit_code == 0
    assert started("lesson", "end").exit_code == 0
    assert started("lesson", "check").exit_code == 2


def test_a_wrong_prediction_names_the_choices(started):
    started("lesson", "next")
    done = started("lesson", "predict", "maybe")
    assert done.exit_code == 1 and "unknown choice 'maybe'; choices: same, other" in done.stderr


def test_korean(started):
    assert "합 쓰기" in started("lesson", "task", "--lang", "ko").stdout


def test_the_environment_of_the_terminal(started, tmp_path):
    assert f"export KUBECONFIG={tmp_path}/bin/kubeconfig" in started("lesson", "env").stdout
    document = json.loads(started("lesson", "env", "--json").stdout)
    assert document["path"] == [f"{tmp_path}/bin"] and "KUBECONFIG" in document["variables"]


def test_watching(started, tmp_path):
    (tmp_path / "bin/sum").write_text("4")
    assert "✓" in started("lesson", "watch").stdout
