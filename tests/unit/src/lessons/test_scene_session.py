"""Tests of ``slipway.lessons.scene_session``."""

import json

import pytest

from slipway.errors import NoLabError, UsageError
from slipway.lab.choice import LabChoice
from slipway.lessons import scene_session
from slipway.lessons.practice_state import practice_folder
from slipway.lessons.scene_session import set_scene
from support.practice import make_scene

GIVEN = {"lang": "en", "quiet": True, "as_json": False, "verbose": 0}


@pytest.fixture
def choice(monkeypatch, project):
    """The choice of a lab that is up."""
    project.state.mkdir(parents=True)
    project.kubeconfig.touch()
    monkeypatch.setattr(LabChoice, "project", lambda self: project)
    return LabChoice({})


@pytest.fixture
def played(monkeypatch, project, tmp_path):
    """The runs of the playbook; ``played.code`` is how the next one ends."""

    class Runs(list):
        code = 0

    runs = Runs()

    def run(session, playbooks, preflight):
        make_scene(tmp_path / "bin", practice_folder(project))
        runs.append((playbooks, json.loads(session.options.arguments[1])))
        session.result.code = runs.code
        return session.result

    monkeypatch.setattr(scene_session.Session, "run", run)
    return runs


def test_the_playbook_sets_the_scene_and_the_task_is_shown(choice, played, capsys):
    assert set_scene(choice, "demo", GIVEN, practice_task="", practice_restart=True) == 0
    ((playbooks, variables),) = played
    assert playbooks == ["lessons/practice/start"]
    assert variables == {
        "lesson_name": "demo", "lesson_lang": "en", "practice_task": "", "practice_restart": True,
    }  # fmt: skip
    shown = capsys.readouterr().out
    assert shown.index("lesson env") < shown.index("Write the sum")


def test_a_lesson_of_ones_own_is_a_directory(choice, played, tmp_path, monkeypatch):
    (tmp_path / "my_lesson").mkdir()
    monkeypatch.chdir(tmp_path)
    set_scene(choice, "./my_lesson", GIVEN)
    ((_, variables),) = played
    assert variables["lesson_name"] == "my-lesson"
    assert variables["practice_folder"] == str(tmp_path / "my_lesson")


def test_a_student_of_a_class_has_a_playbook_of_the_own(choice, played, project):
    project.student.touch()
    set_scene(choice, "demo", GIVEN)
    assert played[0][0] == ["lessons/class/start"]


def test_a_puzzle_shows_only_its_symptom(choice, played, capsys):
    set_scene(choice, "demo", GIVEN, practice_task="sum-wrong")
    assert "lesson env" not in capsys.readouterr().out


def test_a_failed_playbook_shows_no_task(choice, played, capsys):
    played.code = 1
    assert set_scene(choice, "demo", GIVEN) == 1
    assert "Write the sum" not in capsys.readouterr().out


def test_an_unknown_lesson_and_a_lab_that_is_not_up(choice, played, project):
    with pytest.raises(UsageError, match="Unknown lesson 'no'"):
        set_scene(choice, "no", GIVEN)
    project.kubeconfig.unlink()
    with pytest.raises(NoLabError):
        set_scene(choice, "demo", GIVEN)
    assert not played
