"""Tests of ``practice.scene``."""

import json
from dataclasses import replace

import pytest
from jinja2 import TemplateError

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import (
    CLASS_LABEL,
    LABEL,
    PracticeError,
    Scene,
    execute,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Command
from support.practice import answer, calls


@pytest.fixture
def bin_(tmp_path):
    return tmp_path / "bin"


def test_a_scene_is_stored(scene, tmp_path):
    assert Scene.load(tmp_path / "state") == scene
    assert Scene.load(tmp_path) is None


def test_commands_run_with_the_values_and_the_environment_of_the_scene(scene):
    answered = scene.run(Command("run", 'echo "{{ host }} $LESSON $KUBECONFIG"'))
    assert answered.out.split() == ["lab1", scene.folder, scene.environment["KUBECONFIG"]]


def test_a_command_on_the_host_runs_as_root_through_the_connection(scene, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene.execute",
        lambda words, *rest: seen.append(words),
    )
    scene.run(Command("host", "docker ps"))
    assert seen[0][:2] == ["sh", "-c"] and "root" in seen[0][2] and "docker ps" in seen[0][2]


def test_an_unknown_value_is_an_error(scene):
    with pytest.raises(TemplateError):
        scene.fill("{{ nothing }}")


@pytest.mark.parametrize(
    ("out", "found"),
    [
        ({"kind": "Pod", "metadata": {}}, {"kind": "Pod", "metadata": {}}),
        ({"kind": "List", "items": [1]}, [1]),
        ({"kind": "PodList", "items": []}, []),
    ],
)
def test_objects_and_lists_are_found(scene, bin_, out, found):
    answer(bin_, "get", json.dumps(out))
    assert scene.get("pods --selector 'a in (b)'") == (found, "")
    assert calls(bin_)[-1].startswith("get pods --selector a in (b) --output=json")


def test_a_missing_object_has_its_reason(scene, bin_):
    answer(bin_, "get", error="Error from server (NotFound): no pod\n")
    assert scene.get("pod x") == (None, "Error from server (NotFound): no pod")


def test_the_namespace_is_emptied_when_a_practice_made_it(scene, bin_):
    assert scene.empty().code == 0
    deleted = [call for call in calls(bin_) if "delete" in call]
    assert len(deleted) == 3
    assert all(call.startswith("--namespace learn-demo delete") for call in deleted)


@pytest.mark.parametrize("labels", [{}, {LABEL: "other"}, {"app": "demo"}])
def test_a_namespace_of_others_is_not_emptied(scene, bin_, labels):
    answer(bin_, "get", json.dumps(labels))
    emptied = scene.empty()
    assert emptied.code == 1 and "stays as it is" in emptied.error
    assert not [call for call in calls(bin_) if "delete" in call]


def test_a_namespace_that_cannot_be_read_is_not_emptied(scene, bin_):
    answer(bin_, "get", error="NotFound")
    assert scene.empty().error == "NotFound"
    assert len(calls(bin_)) == 1


def test_a_failed_command_of_a_scene_is_named(scene):
    with pytest.raises(PracticeError, match="this command failed: echo no >&2; false\nno"):
        scene.run_all([Command("run", "true"), Command("run", "echo no >&2; false")])


def test_a_program_that_hangs_or_is_missing_is_an_answer():
    assert execute(["sleep", "5"], {"PATH": "/usr/bin:/bin"}, 0.1).code == 124
    assert execute(["/no/such"], {}, 1).code == 127


@pytest.fixture
def student(scene):
    """The same lesson for a student of the class ``math``."""
    return replace(scene, class_name="math", namespace="class-math-student-01", host=())


def test_the_namespace_of_a_student_is_emptied_except_for_what_belongs_to_the_class(student, bin_):
    answer(bin_, "get", json.dumps({CLASS_LABEL: "math"}))
    assert student.empty().code == 0
    assert any("--selector !slipway.lab/class" in call for call in calls(bin_))
    for labels in ({CLASS_LABEL: "art"}, {LABEL: "demo"}):
        answer(bin_, "get", json.dumps(labels))
        assert "slipway.lab/class=math" in student.empty().error


def test_without_a_host_only_commands_on_it_are_left_out(scene, tmp_path):
    kubeadm = replace(scene, host=())
    kubeadm.clean([Command("host", "false"), Command("run", f"touch {tmp_path}/done")])
    assert (tmp_path / "done").exists()
    with pytest.raises(PracticeError):
        kubeadm.clean([Command("run", "false")])


def test_a_student_cleans_what_the_own_rights_allow(student, scene, tmp_path):
    commands = [
        Command("run", "false"), Command("host", "true"), Command("run", f"touch {tmp_path}/done"),
    ]  # fmt: skip
    student.clean(commands)
    assert (tmp_path / "done").exists()
    with pytest.raises(PracticeError):
        scene.clean(commands)
