"""The filters for the practice of a lesson."""

from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.slipway.lab.plugins.filter.practice import (
    FilterModule,
    practice_refusal,
)

KUBEADM = ("lab", "network_policies")
LESSONS = Path(__file__).resolve().parents[4] / "playbooks/lessons"


def test_filters_are_offered_by_name():
    assert set(FilterModule().filters()) == {"practice_refusal"}


@pytest.mark.parametrize(
    "lesson",
    [
        "cluster", "deployment", "discovery", "microservices", "observability", "scaling", "state",
        "tutorial",
    ],
)  # fmt: skip
def test_lessons_with_a_task_that_needs_no_docker_are_practised_without_minikube(lesson):
    assert practice_refusal(str(LESSONS / lesson), KUBEADM) == ""


def test_a_lesson_whose_tasks_all_need_docker_is_refused_with_the_next_step():
    refused = practice_refusal(str(LESSONS / "exam"), KUBEADM)
    assert refused.startswith("tasks that need Minikube, or a host with Docker (")
    assert "slipway_engine: minikube" in refused
    assert practice_refusal(str(LESSONS / "exam"), ("lab", "minikube")) == ""


@pytest.mark.parametrize(("task", "refused"), [("router-gone", True), ("budget", False)])
def test_one_task_is_refused_alone(task, refused):
    reason = practice_refusal(str(LESSONS / "cluster"), KUBEADM, task)
    assert ("(router-gone)" in reason) is refused is bool(reason)


def test_an_option_that_is_off_is_named():
    discovery, task = str(LESSONS / "discovery"), "guard-the-web"
    assert practice_refusal(discovery, KUBEADM, task) == ""
    refused = practice_refusal(discovery, ("lab", "minikube"), task)
    assert "NetworkPolicies that are enforced (guard-the-web)" in refused
    assert "kubernetes_network_policies: false" in refused


def test_an_unknown_task_is_not_refused_here():
    assert practice_refusal(str(LESSONS / "cluster"), KUBEADM, "no") == ""


def test_a_lesson_without_tasks_is_not_refused(tmp_path):
    assert practice_refusal(str(tmp_path), KUBEADM) == ""


def test_a_wrong_file_is_named(tmp_path):
    (tmp_path / "tasks.yml").write_text("tasks: [")
    with pytest.raises(AnsibleFilterError, match="tasks.yml"):
        practice_refusal(str(tmp_path), KUBEADM)
