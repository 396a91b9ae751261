"""Tests of the action plugin ``practice``."""

import json
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.action import practice
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import (
    CLASS_LABEL,
    Scene,
)
from support.practice import LESSONS, answer, make_scene


@pytest.fixture
def lab(variables, tmp_path):
    """A lab with one host, on which ``demo`` was started."""
    scene = make_scene(tmp_path / "bin", tmp_path / "practice")
    variables |= {
        "practice_dir": str(tmp_path / "practice"), "practice_namespace": "learn-demo",
        "practice_folder": str(LESSONS / "demo"), "practice_host": "lab1",
        "hostvars": {"lab1": {"ansible_host": "10.0.0.11", "ansible_user": "slipway"}},
    }  # fmt: skip
    return scene


def test_a_start_stores_the_scene_and_begins_the_first_task(run, lab, tmp_path):
    started = {"values": lab.values, "environment": lab.environment, "offers": [*lab.offers]}
    result = run(practice, action="start", **started)
    assert (result["task"], result["changed"]) == ("write-sum", True)
    scene = Scene.load(tmp_path / "practice")
    assert scene.host[0] == "ssh" and scene.host[-1] == "10.0.0.11" and "slipway" in scene.host
    run(practice, action="next")
    assert run(practice, action="start", **started)["task"] == "log-it"
    assert run(practice, action="start", restart=True, **started)["task"] == "write-sum"
    assert run(practice, action="start", task="sum-wrong", **started)["task"] == "sum-wrong"


def test_a_host_without_connection_is_this_machine(run, lab, variables, tmp_path):
    variables["hostvars"]["lab1"] = {"ansible_connection": "local"}
    run(practice, action="start", values=lab.values, environment=lab.environment)
    assert Scene.load(tmp_path / "practice").host == ("sh", "-c")


def test_a_lab_without_minikube_has_no_host(run, lab, variables, tmp_path):
    variables["practice_host"] = ""
    run(practice, action="start", values=lab.values, environment=lab.environment)
    scene = Scene.load(tmp_path / "practice")
    assert (scene.host, scene.class_name) == ((), "")


def test_a_student_of_a_class_has_no_host(run, lab, variables, tmp_path):
    del variables["practice_host"]
    variables["practice_namespace"] = "class-math-student-01"
    answer(tmp_path / "bin", "get", json.dumps({CLASS_LABEL: "math"}))
    given = {"values": lab.values, "environment": lab.environment, "class_name": "math"}
    assert run(practice, action="start", **given)["task"] == "write-sum"
    scene = Scene.load(tmp_path / "practice")
    assert (scene.host, scene.class_name, scene.offers) == ((), "math", ())


def test_a_red_check_fails_with_what_was_expected_and_seen(run, lab):
    Path(lab.values["file"]).write_text("5")
    result = run(practice, action="check")
    assert result["failed"] and result["msg"] == "The file contains 4. Seen: 5"
    assert result["checks"][0]["passed"] is False and result["changed"] is False


def test_a_student_is_served(run, lab):
    assert run(practice, action="predict", prediction="4")["changed"] is False
    assert run(practice, action="hint")["hints"] == ["A program calculates."]
    assert run(practice, action="solve")["checks"][0]["passed"] is True
    assert run(practice, action="next")["more"] is True
    assert run(practice, action="reset")["changed"] is True
    assert run(practice, action="end")["changed"] is True
    assert run(practice, action="check")["failed"] is True


def test_errors_have_a_next_step(run, lab):
    assert run(practice, action="dance")["msg"].startswith("action: one of start, check")
    result = run(practice, action="predict", prediction="many")
    assert result["failed"] and result["msg"] == "'many' is not a number"
