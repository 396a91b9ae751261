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
