"""Tests of ``kube.apply.object_applier``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_applier import (
    ObjectApplier,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import (
    ApplyOptions,
    Sender,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from support.kube_fake import Refused

CONFIG = {
    "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": "default"},
    "data": {"a": "1"},
}  # fmt: skip


@pytest.fixture
def apply(api, client, discovery):
    """Apply an object with options; ``apply.deleted`` has the deleted ones."""

    def run(obj=CONFIG, existing=None, premature=False, **options):
        def delete(ref, live, settings):
            run.deleted.append(ref)
            api.remove("configmaps", ref.name, ref.namespace)

        applier = ObjectApplier(Sender(client, discovery, ApplyOptions(**options)), delete)
        return applier.apply(obj, existing or {}, lambda error, ref: premature)

    run.deleted = []
    return run


def refuse(api, status, message, times=1):
    left = [times]

    def fault(method, path):
        if method == "PATCH" and left[0]:
            left[0] -= 1
            raise Refused(status, "Invalid", message)

    api.faults.append(fault)


def test_a_new_object_is_created(api, apply):
    assert apply().action == "created"
    assert api.get("configmaps", "x")["data"] == {"a": "1"}


def test_an_equal_object_costs_no_request(api, apply):
    live = apply().after
    writes = len(api.writes)
    change = apply(existing={ref_of(CONFIG): {"apiVersion": "v1", "kind": "ConfigMap", **live}})
    assert (change.action, len(api.writes)) == ("unchanged", writes)


def test_a_dry_run_predicts_objects_with_a_missing_prerequisite(api, apply):
    refuse(api, 404, 'namespaces "default" not found')
    assert apply(dry_run=True, premature=True).action == "created"
    assert api.get("configmaps", "x") is None


def test_a_field_that_cannot_change_needs_an_option(api, apply):
    api.put("configmaps", {**CONFIG, "data": {"old": "1"}})
    refuse(api, 422, "field is immutable", times=2)
    with pytest.raises(KubeError, match="recreate: true"):
        apply()
    change = apply(recreate=True)
    assert (change.action, apply.deleted) == ("recreated", [ref_of(CONFIG)])
    assert api.get("configmaps", "x")["data"] == {"a": "1"}


def test_nothing_is_deleted_when_the_successor_is_refused(api, apply):
    api.put("configmaps", {**CONFIG, "data": {"old": "1"}})
    refuse(api, 422, "field is immutable")

    def refuse_new(method, path):
        if method == "POST":
            raise Refused(422, "Invalid", "data.a is forbidden")

    api.faults.append(refuse_new)
    with pytest.raises(KubeError, match="nothing was deleted"):
        apply(recreate=True)
    assert apply.deleted == []
    assert api.get("configmaps", "x")["data"] == {"old": "1"}


def test_other_refusals_name_the_object(api, apply):
    refuse(api, 403, "not allowed")
    with pytest.raises(KubeError, match="ConfigMap default/x: .*not allowed"):
        apply()


def test_an_unknown_kind_is_named(apply):
    thing = {**CONFIG, "apiVersion": "example.com/v1", "kind": "Thing"}
    with pytest.raises(KubeError, match="Thing default/x: "):
        apply(thing)


@pytest.mark.parametrize(
    ("version", "reordered", "requests"), [("v2", True, 2), ("v2", False, 1), ("v1", True, 1)]
)
def test_an_object_of_another_version_is_sent_again_if_it_is_not_as_declared(
    apply, version, reordered, requests
):
    live = managed("autoscaling/v1", [])
    declared = {**live, "apiVersion": f"autoscaling/{version}", "spec": {"metrics": ["a", "b"]}}
    sender = StubSender(managed("autoscaling/v2", ["b", "a"] if reordered else ["a", "b"]))
    declared["metadata"] = {"name": "x", "namespace": "default"}
    applier = ObjectApplier(sender, delete=None)
    applier.apply(declared, {ref_of(declared): live}, lambda error, ref: False)
    assert len(sender.sent) == requests


def managed(version, metrics):
    """Return an autoscaler whose metrics Slipway applied in a version."""
    fields = {"f:spec": {"f:metrics": {}}}
    entry = {"manager": "slipway", "operation": "Apply", "apiVersion": version, "fieldsV1": fields}
    metadata = {"name": "x", "namespace": "default", "managedFields": [entry]}
    return {
        "apiVersion": version, "kind": "HorizontalPodAutoscaler", "metadata": metadata,
        "spec": {"metrics": metrics},
    }  # fmt: skip


class StubSender:
    """A sender whose server answers always with the same object."""

    options = ApplyOptions()
    client = None

    def __init__(self, answer):
        self.answer, self.sent, self.warnings = answer, [], []

    def path(self, ref):
        """Return no path."""
        return ""

    def send(self, obj, force):
        """Record an object."""
        self.sent.append(obj)
        return self.answer
