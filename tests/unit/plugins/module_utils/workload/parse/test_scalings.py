from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.scalings import (
    parse_scaling,
    parse_scalings,
)

WEB = ObjectRef("apps/v1", "Deployment", "shop", "web")


@pytest.fixture
def errors():
    return ValidationErrors()


def test_one_workload_is_a_deployment_by_default(errors):
    (scaling,) = parse_scalings({"name": "web", "replicas": "+2"}, "shop", errors)
    assert (scaling.ref, scaling.replicas, errors.found) == (WEB, "+2", [])


def test_each_workload_has_its_own_number_or_that_of_the_task(errors):
    workloads = [{"name": "a", "replicas": 0}, {"name": "b", "kind": "StatefulSet"}]
    scalings = parse_scalings({"workloads": workloads, "replicas": 3}, "shop", errors)
    assert [scaling.replicas for scaling in scalings] == [0, 3]
    assert scalings[1].ref.kind == "StatefulSet"


def test_an_autoscaler_leaves_the_number(errors):
    assert parse_scaling(WEB, {"autoscale": {"max": 3}}, None, errors).replicas == "+0"
    parse_scalings({"name": "web", "replicas": 1, "autoscale": {"max": 3}}, "shop", errors)
    assert errors.found == ["workload_scale: replicas and autoscale contradict each other"]


def test_mistakes_have_the_place_of_their_workload(errors):
    workloads = [{"name": "a"}, {"name": "a"}, {"name": "B", "replicas": "many"}]
    parse_scalings({"workloads": workloads, "replicas": 1}, "shop", errors)
    places = [found.split(":")[0] for found in errors.found]
    assert places == ["workloads[1]", "workloads[2].name", "workloads[2]"]


def test_a_custom_kind_needs_its_version(errors):
    entries = [
        {"name": "a", "kind": "Queue", "api_version": "example.com/v1"},
        {"name": "b", "kind": "Queue"},
        {"name": "c", "kind": "Job"},
    ]
    scalings = parse_scalings({"workloads": entries, "replicas": 1}, "shop", errors)
    assert [scaling.ref.api_version for scaling in scalings] == ["example.com/v1", "", "batch/v1"]
    assert errors.found == ["workloads[1].api_version: is needed for the kind Queue"]


def test_an_autoscaler_cannot_scale_a_job(errors):
    parse_scalings({"name": "a", "kind": "Job", "autoscale": {"max": 3}}, "shop", errors)
    assert errors.found == ["workload_scale: an autoscaler cannot scale a Job"]
