"""Tests of ``practice.lint``."""

import shutil

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice import lint
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.lint import lint_lesson
from support.practice import LESSONS


@pytest.fixture
def change(tmp_path, monkeypatch):
    """Change a file of a copy of ``demo``; return the problems."""
    monkeypatch.setattr(lint, "VALUES", lint.VALUES | {"file"})
    folder = tmp_path / "demo"
    shutil.copytree(LESSONS / "demo", folder)

    def change(name="", old="", new=""):
        if name:
            text = (folder / name).read_text()
            assert old in text
            (folder / name).write_text(text.replace(old, new))
        return lint_lesson(folder)

    change.folder = folder
    return change


def test_a_good_lesson(change):
    problems = change()
    # The fixture has a task without a hint and choices that a template answers.
    assert problems == [
        "en.md: log-it: 0 hints, one to three are needed",
        "ko.md: log-it: 0 hints, one to three are needed",
    ]


def test_missing_files(tmp_path):
    assert [one.rsplit("/", 1)[1] for one in lint_lesson(tmp_path)] == [
        "tasks.yml: missing", "en.md: missing", "ko.md: missing",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("tasks.yml", "tasks:", "task:", "unknown keys: task"),
        ("en.md", "- check `sum-kept`", "- check `logged`", "logged comes twice"),
        ("en.md", "### `log-it`", "### `log-this`", "en.md: tasks write-sum, log-this; tasks.yml"),
        ("ko.md", "### `sum-wrong`", "### `sum-bad`", "ko.md: puzzles sum-bad; tasks.yml: sum-wrong"),
        ("tasks.yml", "    solution: echo 4", "    settle: 4 #", "sum-wrong: no solution"),
        ("tasks.yml", "      - {run: 'true'}\n", "", "sum-wrong: 1 wrong solutions"),
        ("tasks.yml", "grade: 1", "grade: 4", "sum-wrong: a puzzle has a grade"),
        ("tasks.yml", "    scene: echo 5", "    settle: 5 #", "sum-wrong: a puzzle has a scene"),
        ("ko.md", "파일에 틀린 합이 있습니다.", "", "ko.md: sum-wrong: no text"),
        ("en.md", "- check `sum-right`", "- check `sum-good`", "checks sum-good; tasks.yml: sum-right"),
        ("en.md", "- predict How many are two and two?\n", "", "write-sum: a question needs `predict`"),
        ("tasks.yml", "{answer: \"{{ 'same' if logged.out == '4' else 'other' }}\"}", "{answer: nothing}",
         "the answer 'nothing' is not one of the choices"),
        ("ko.md", "expr 2 + 2\n", "expr 2 + 3\n", "write-sum: the languages have different commands"),
        ("ko.md", "  - `other` 다른 내용입니다.\n", "", "the languages have different choices"),
        ("ko.md", "- 힌트 프로그램이 계산합니다.\n", "", "the languages have different numbers of hints"),
        ("ko.md", "# 시범", "# 시범", "log-it: 0 hints"),
        ("tasks.yml", "out == '4'}\n    solution: expr", "out ==}\n    solution: expr", "unexpected"),
        ("en.md", "The file contains a wrong", "The {{ thing }} has a wrong", "unknown value thing"),
    ],
)  # fmt: skip
def test_rules(change, name, old, new, problem):
    assert any(problem in one for one in change(name, old, new)), change()


def test_korean_is_korean(change):
    text = (change.folder / "en.md").read_text()
    (change.folder / "ko.md").write_text(text)
    assert "ko.md: sum-wrong: not in Korean" in change()
