"""Tests of ``practice.tasks``."""

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    Command,
    Tasks,
    TasksError,
    read_tasks,
)

CHECK = {"run": "true"}
TASK = {"checks": {"one": CHECK}, "solution": "make it"}


def read(folder, content):
    (folder / "tasks.yml").write_text(content if isinstance(content, str) else yaml.dump(content))
    return read_tasks(folder)


def test_a_lesson_without_the_file_has_no_tasks(tmp_path):
    assert read_tasks(tmp_path) == Tasks()


def test_a_scene_can_have_a_system_container(tmp_path):
    assert read(tmp_path, {"scene": {"system": "learn-base"}}).system == "learn-base"
    assert read(tmp_path, {"scene": {}}).system == ""


def test_commands_have_places(tmp_path):
    solution = ["a", {"host": "b"}, {"run": "c\n"}]
    tasks = read(tmp_path, {"tasks": {"t": {**TASK, "solution": solution}}})
    assert tasks.tasks["t"].solution == (
        Command("run", "a"), Command("host", "b"), Command("run", "c"),
    )  # fmt: skip


def test_a_command_without_condition_must_succeed(tmp_path):
    (check,) = read(tmp_path, {"tasks": {"t": TASK}}).tasks["t"].checks
    assert (check.kind, check.subject, check.that) == ("run", "true", "code == 0")


def test_a_task_starts_where_the_fresh_one_began(tmp_path):
    fresh = {**TASK, "scene": "set"}
    tasks = read(
        tmp_path,
        {"tasks": {"a": TASK, "b": fresh, "c": TASK, "d": TASK}, "puzzles": {"p": fresh}},
    )

    def before(name):
        return [task.name for task in tasks.before(name)]

    assert {name: before(name) for name in "abcdp"} == {
        "a": [], "b": [], "c": ["b"], "d": ["b", "c"], "p": [],
    }  # fmt: skip
    assert tasks.get("p") is tasks.puzzles["p"]


def test_a_wrong_solution_fails_all_checks_unless_it_names_some(tmp_path):
    task = {
        "checks": {"one": CHECK, "two": CHECK},
        "wrong": [{"run": "x"}, {"host": "y", "fails": ["two"]}],
    }
    first, second = read(tmp_path, {"tasks": {"t": task}}).tasks["t"].wrong
    assert first.fails == ("one", "two") and second.fails == ("two",)
    assert second.commands == (Command("host", "y"),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("a: [", "while parsing"),
        ({"task": {}}, "unknown keys: task"),
        ({"scene": {"image": []}}, "scene has unknown keys: image"),
        ({"tasks": {"t": {}}}, "t has no checks"),
        ({"tasks": {"t": {"checks": {"c": {}}}}}, "t.checks.c needs exactly one"),
        ({"tasks": {"t": {"checks": {"c": {"get": "pods"}}}}}, "t.checks.c needs that"),
        ({"tasks": {"t": {**TASK, "solution": [{"node": "x"}]}}}, "unknown keys: node"),
        (
            {"tasks": {"t": {**TASK, "wrong": [{"run": "x", "fails": ["no"]}]}}},
            "unknown checks: no",
        ),
        ({"tasks": {"t": {**TASK, "predict": {"reply": 1}}}}, "t.predict has unknown keys"),
        ({"tasks": {"t": "x"}}, "t is not a mapping"),
    ],
)
def test_a_wrong_file_names_the_place(tmp_path, content, reason):
    with pytest.raises(TasksError, match=reason) as raised:
        read(tmp_path, content)
    assert str(tmp_path / "tasks.yml") in str(raised.value)


def test_a_student_of_a_class_does_what_needs_one_namespace(tmp_path):
    """Tasks with the host, tasks that need the lab, and those that continue after them are left out."""
    tasks = {
        "a": TASK,
        "b": {**TASK, "scene": {"host": "x"}},
        "c": TASK,
        "d": {**TASK, "fresh": True},
        "e": {**TASK, "needs": "lab", "fresh": True},
        "f": {**TASK, "checks": {"one": {"host": "true"}}, "fresh": True},
        "g": {**TASK, "solution": {"host": "x"}, "fresh": True},
    }
    puzzles = {"p": {**TASK, "needs": "lab"}, "q": TASK}
    confined = read(tmp_path, {"tasks": tasks, "puzzles": puzzles}).confined()
    assert (list(confined.tasks), list(confined.puzzles)) == (["a", "d"], ["q"])
    whole = read(tmp_path, {"scene": {"needs": "lab"}, "tasks": tasks, "puzzles": puzzles})
    assert whole.confined().tasks == whole.confined().puzzles == {}


def test_a_lab_without_minikube_does_what_needs_no_docker(tmp_path):
    tasks = {
        "a": TASK,
        "b": {**TASK, "needs": "lab"},
        "c": {**TASK, "needs": "minikube"},
        "d": TASK,
        "e": {**TASK, "fresh": True},
        "f": {**TASK, "checks": {"one": {"host": "true"}}, "needs": "lab", "fresh": True},
    }
    every = read(tmp_path, {"scene": {"needs": "lab"}, "tasks": tasks, "puzzles": {"p": TASK}})
    assert every.confined(["lab"]).names() == ["a", "b", "e", "p"]
    assert every.confined(["lab", "minikube"]) == every
    assert every.confined().names() == []


def test_a_task_can_need_several_things(tmp_path):
    tasks = {"a": {**TASK, "needs": ["lab", "network_policies"]}, "b": {**TASK, "fresh": True}}
    every = read(tmp_path, {"tasks": tasks})
    assert every.confined(["lab"]).names() == ["b"]
    assert every.confined(["lab", "network_policies"]) == every
    assert every.obstacle(["a"], ["lab"])[0] == "NetworkPolicies that are enforced"
    assert every.obstacle(["a"], [])[0] == "the whole lab"


def test_an_unknown_need_is_an_error(tmp_path):
    with pytest.raises(TasksError, match="t.needs: one or some of lab, minikube, network_policies"):
        read(tmp_path, {"tasks": {"t": {**TASK, "needs": "host"}}})
