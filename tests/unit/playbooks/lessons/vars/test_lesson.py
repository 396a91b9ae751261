"""Tests of the variables in ``playbooks/lessons/vars/lesson.yml``."""

from pathlib import Path

import pytest
import yaml

from support.inventory import rendered

ROOT = Path(__file__).resolve().parents[5]
VARIABLES = yaml.safe_load((ROOT / "playbooks/lessons/vars/lesson.yml").read_text())


MINIKUBE = {
    "slipway_engine": "minikube",
    "slipway_node_hosts": [],
    "slipway_app_host": "lab1",
    "groups": {"control": ["localhost"], "minikube_hosts": ["lab1"], "lab_hosts": ["lab1"]},
}
KUBEADM = {
    "slipway_engine": "kubeadm",
    "slipway_node_hosts": ["cp1", "node1", "node2"],
    "slipway_app_host": "node1",
    "groups": {
        "control": ["localhost"],
        "kube_control_plane": ["cp1"],
        "lab_hosts": ["cp1", "node1", "node2"],
    },
}


def value(name, **given):
    """Return a variable of the file, with variables that override others."""
    return rendered(VARIABLES, name, **given)


def mirror_file(*sets):
    """Return the path of the kept facts for a choice of sets of the mirror."""
    return value("lesson_mirror_file", slipway_state_dir="/state", mirror_extras=list(sets))


@pytest.mark.parametrize("other", [["lessons", "tiny"], ["tiny"], []])
def test_facts_of_one_choice_of_sets_never_serve_another(other):
    assert mirror_file("lessons") != mirror_file(*other)


def test_the_order_of_the_sets_does_not_matter():
    assert mirror_file("lessons", "tiny") == mirror_file("tiny", "lessons")


def test_the_file_is_in_the_labs_state():
    assert mirror_file("lessons").startswith("/state/lessons/work/")


@pytest.mark.parametrize("lesson", ["cluster", "containers", "persistence", "state"])
def test_minikube_refuses_no_lesson_and_skips_nothing(lesson):
    given = {**MINIKUBE, "lesson_name": lesson}
    names = ("lesson_refused", "lesson_no_minikube", "lesson_no_docker")
    assert [value(name, **given) for name in names] == ["", "", ""]
    assert value("lesson_nodes_host", **given) == "lab1"


@pytest.mark.parametrize("lesson", ["tutorial", "cluster", "persistence", "scaling", "state"])
def test_kubeadm_runs_lessons_that_are_about_any_cluster(lesson):
    assert value("lesson_refused", **KUBEADM, lesson_name=lesson) == ""
    assert value("lesson_nodes_host", **KUBEADM) == "localhost"


@pytest.mark.parametrize(
    ("lesson", "reason"),
    [("microservices", "in Docker on a host"), ("exam", "in Docker on a host")],
)
def test_kubeadm_refuses_lessons_of_minikube_and_docker_with_the_reason(lesson, reason):
    assert reason in value("lesson_refused", **KUBEADM, lesson_name=lesson)


@pytest.mark.parametrize("what", ["cordoned", "no-grace"])
def test_breaks_of_steps_that_kubeadm_skips_are_refused(what):
    given = {"lesson_name": "cluster", "lesson_break": what}
    assert "adds with Minikube" in value("lesson_refused", **KUBEADM, **given)
    assert value("lesson_refused", **MINIKUBE, **given) == ""


@pytest.mark.parametrize(
    ("hosts", "spare"),
    [(["cp1", "node1", "node2"], ["node2"]), (["cp1", "node1"], []), ([], [])],
)
def test_only_a_container_host_that_is_not_needed_may_be_killed(hosts, spare):
    given = {**KUBEADM, "groups": {**KUBEADM["groups"], "lab_hosts": hosts}}
    assert value("lesson_spare_nodes", **given) == spare
    refused = value("lesson_refused", **given, lesson_name="scaling")
    assert bool(refused) is not bool(spare)


def test_pods_of_lessons_do_not_run_on_control_planes_with_a_taint():
    taint = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
    soft = {"key": "full", "effect": "PreferNoSchedule"}
    nodes = [
        {"name": "cp1", "taints": [taint]},
        {"name": "node1", "taints": []},
        {"name": "node2", "taints": [soft]},
    ]
    assert value("lesson_pod_nodes", cluster={"nodes": nodes}) == ["node1", "node2"]
