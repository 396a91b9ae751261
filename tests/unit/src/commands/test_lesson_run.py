"""Tests of ``slipway.commands.lesson_run``."""

import pytest

from support.json_document import read_document


@pytest.fixture
def given(monkeypatch):
    """Return the arguments that lessons are run with."""
    calls = []
    monkeypatch.setattr("slipway.lessons.run.run_lessons", lambda *words: calls.append(words) or 0)
    return calls


def test_the_lab_and_the_flags_reach_the_lessons(command, given):
    command.make("two")
    assert command("lesson", "demo", "--lab", "two", "--keep").exit_code == 0
    (project, extra_vars, lines, flags) = given[0]
    assert lines.flags == " --lab two"
    assert project.lab == "two" and extra_vars == ('{"slipway_lab": "two"}',)
    assert flags["keep"] and flags["names"] == ("demo",)


@pytest.mark.parametrize(
    ("variables", "words", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, [], "ko"),
        ({"LANG": "de_DE.UTF-8"}, [], "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ko_KR"}, [], "ko"),
        ({"LANG": "ko_KR.UTF-8", "SLIPWAY_LANG": "en"}, [], "en"),
        ({"LANG": "C", "SLIPWAY_LANG": "en"}, ["--lang", "ko"], "ko"),
    ],
)
def test_the_language_of_the_environment(command, given, monkeypatch, variables, words, language):
    command.make()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    command("lesson", "demo", *words)
    assert given[0][3]["lang"] == language


def test_lessons_are_listed_without_a_lab(command):
    (row,) = read_document("lesson-list", command("lesson", "list", "--json").stdout)["lessons"]
    assert row["lesson"] == "demo"


def test_an_unknown_lesson_is_refused_before_a_lab_is_looked_for(command, given):
    done = command("lesson", "nothing")
    assert done.exit_code == 2
    assert "Unknown lesson 'nothing'. Run `./slipway lesson list`." in done.stderr
