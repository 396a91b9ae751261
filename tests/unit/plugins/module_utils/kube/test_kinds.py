import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import kinds
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    ApplyWave,
    api_version_of,
    apply_wave,
    own_kind,
)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("APP_KINDS", ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")),
        ("BATCH_KINDS", ("Job", "CronJob")),
        ("ROLLOUT_KINDS", ("Deployment", "StatefulSet", "DaemonSet")),
        ("SCALABLE_KINDS", ("Deployment", "StatefulSet", "ReplicaSet")),
        ("SCALABLE_APP_KINDS", ("Deployment", "StatefulSet")),
        ("POD_KINDS", ("Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet", "Pod")),
    ],
)
def test_groups_of_kinds(group, expected):
    assert getattr(kinds, group) == expected


def test_applications_are_rendered_to_these_kinds():
    assert set(kinds.RENDERED_KINDS) == {
        *kinds.APP_KINDS, "ConfigMap", "Secret", "Service", "PodDisruptionBudget",
        "HorizontalPodAutoscaler", "Ingress",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "version"),
    [
        ("Deployment", "apps/v1"), ("CronJob", "batch/v1"), ("Service", "v1"),
        ("HorizontalPodAutoscaler", "autoscaling/v2"), ("Ingress", "networking.k8s.io/v1"),
    ],
)  # fmt: skip
def test_api_versions(kind, version):
    assert api_version_of(kind) == version


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Namespace", "CustomResourceDefinition"),
        ("CustomResourceDefinition", "ConfigMap"),
        ("ConfigMap", "Widget"),
        ("Widget", "Service"),
        ("Service", "Deployment"),
        ("Deployment", "Ingress"),
    ],
)
def test_objects_are_applied_after_what_they_need(first, second):
    assert apply_wave(first) < apply_wave(second)


def test_kind_that_the_table_does_not_have_belongs_to_the_wave_other():
    assert apply_wave("Widget") is ApplyWave.OTHER


def test_a_kind_of_another_group_is_not_the_one_of_the_table():
    assert own_kind("serving.knative.dev/v1", "Service") == ""
    assert own_kind("apps/v1beta1", "Deployment") == "Deployment"
    assert own_kind("v1", "Role") == "Role" and own_kind("", "Job") == "Job"
    assert own_kind("example.com/v1", "Thing") == "Thing"
    assert own_kind(["v1"], ["Pod"]) == ["Pod"]
