"""Tests of ``slipway.lessons.own_lessons``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.lint import lint_lesson
from slipway.errors import UsageError
from slipway.lessons.own_lessons import (
    find_folder,
    is_directory,
    lesson_name,
    scene_variables,
    write_template,
)


def test_the_template_follows_the_rules(tmp_path):
    write_template(tmp_path / "my-lesson")
    assert lint_lesson(tmp_path / "my-lesson") == []


def test_an_existing_directory_is_not_changed(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(UsageError, match="nothing was changed"):
        write_template(tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize("name", ["My Lesson", "-x", "x-", "a" * 43, "수업", "1st"])
def test_a_name_that_no_namespace_can_have(tmp_path, name):
    with pytest.raises(UsageError, match="small letters"):
        write_template(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_paths_and_names_are_told_apart(project, tmp_path, monkeypatch):
    (tmp_path / "my_lesson").mkdir()
    monkeypatch.chdir(tmp_path)
    assert is_directory("./my_lesson") and is_directory(".") and not is_directory("demo")
    assert find_folder(project, "./my_lesson") == tmp_path / "my_lesson"
    assert lesson_name(tmp_path / "my_lesson") == "my-lesson"
    assert find_folder(project, "demo").name == "demo"


def test_a_missing_directory_has_a_next_step(project, monkeypatch):
    monkeypatch.setenv("SLIPWAY_COMMAND", "./slipway")
    with pytest.raises(UsageError, match="is not a directory") as raised:
        find_folder(project, "./nothing")
    assert raised.value.next_step == "run: ./slipway lesson new ./nothing"
    with pytest.raises(UsageError, match="Unknown lesson 'nothing'"):
        find_folder(project, "nothing")


@pytest.mark.parametrize(
    ("address", "repository", "version"),
    [
        ("https://git.example.com/team/my-lesson.git#v2", "https://git.example.com/team/my-lesson.git", "v2"),
        ("git@git.example.com:team/my-lesson.git", "git@git.example.com:team/my-lesson.git", None),
        ("file:///srv/my_lesson", "file:///srv/my_lesson", None),
    ],
)  # fmt: skip
def test_an_address_of_git_names_a_lesson(project, address, repository, version):
    found = scene_variables(project, address)
    assert found.pop("practice_version", None) == version
    assert found == {"lesson_name": "my-lesson", "practice_repository": repository}


def test_an_address_whose_name_no_namespace_can_have(project):
    with pytest.raises(UsageError, match="small letters"):
        scene_variables(project, "https://git.example.com/My%20Lesson.git")
