"""Tests of ``slipway.commands.authoring``."""

import pytest

from support.practice import make_scene


def test_an_author_begins_and_checks_a_lesson(command, tmp_path):
    folder = tmp_path / "my-lesson"
    done = command("lesson", "new", str(folder))
    assert done.exit_code == 0 and f"./slipway lesson lint {folder}" in done.stdout
    assert command("lesson", "lint", str(folder)).exit_code == 0
    text = (folder / "ko.md").read_text()
    (folder / "ko.md").write_text(text.replace("two-ready", "ready"))
    done = command("lesson", "lint", str(folder))
    assert done.exit_code == 1 and "ko.md: run-two: checks ready" in done.stdout


@pytest.mark.parametrize("name", ["nothing", "./nothing"])
def test_a_lesson_that_does_not_exist(command, name):
    assert command("lesson", "lint", name).exit_code == 2


def test_authors_test_their_tasks(command, tmp_path):
    make_scene(tmp_path / "bin", command.make() / "practice")
    assert command("lesson", "test", "log-it").exit_code == 0
