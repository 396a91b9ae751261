"""Tests of ``slipway.commands.lesson``."""

import pytest


def test_a_first_word_that_is_no_command_is_a_lesson_to_run(command, monkeypatch):
    runs = []
    monkeypatch.setattr(
        "slipway.lessons.run.run_lessons", lambda *words: runs.append(words[3]["names"]) or 0
    )
    command.make()
    assert command("lesson", "demo").exit_code == 0
    assert command("lesson", "run", "all").exit_code == 0
    assert command("lesson", "--keep", "demo").exit_code == 0
    assert runs == [("demo",), ("all",), ("demo",)]


@pytest.mark.parametrize("words", [["--help"], ["-h"]])
def test_the_help_lists_the_commands_of_a_student_in_their_order(command, words):
    shown = command("lesson", *words).stdout
    positions = [shown.index(f"\n  {name} ") for name in ("start", "check", "next", "end", "run")]
    assert positions == sorted(positions)


def test_the_configuration_file_reaches_the_commands(command):
    command.config.write_text('lang = "ko"\n')
    assert "시범" in command("lesson", "list").stdout
