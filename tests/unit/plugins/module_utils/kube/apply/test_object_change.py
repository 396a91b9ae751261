"""Tests of ``kube.apply.object_change``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ApplyError,
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef

REF = ObjectRef("v1", "ConfigMap", "default", "x")


def config(value, **metadata):
    return {"kind": "ConfigMap", "metadata": {"name": "x", **metadata}, "data": {"a": value}}


def test_a_new_object_is_created():
    change = ObjectChange.between(REF, None, config("1"), "slipway")
    assert (change.action, change.changed) == ("created", True)


def test_fields_decide_whether_an_object_changed():
    same = ObjectChange.between(REF, config("1"), config("1", resourceVersion="2"), "slipway")
    assert (same.action, same.changed) == ("unchanged", False)
    other = ObjectChange.between(REF, config("1"), config("2"), "slipway")
    assert other.result() == {
        "kind": "ConfigMap", "namespace": "default", "name": "x", "action": "configured",
        "changes": [{"field": "data.a", "before": "1", "after": "2"}],
    }  # fmt: skip


def test_what_another_manager_changed_in_the_meantime_is_no_change():
    def owned(*entries):
        return [
            {"manager": name, "operation": "Apply", "fieldsV1": {"f:data": {f"f:{key}": {}}}}
            for name, key in entries
        ]

    before = config("1", managedFields=owned(("slipway", "b"), ("controller", "a")))
    after = config("2", managedFields=owned(("slipway", "b"), ("controller", "a")))
    assert not ObjectChange.between(REF, before, after, "slipway").changed
    taken = config("2", managedFields=owned(("slipway", "a")))
    assert ObjectChange.between(REF, before, taken, "slipway").changed


def test_a_recreated_object_has_its_changes():
    change = ObjectChange.recreated(REF, config("1"), config("2"))
    assert (change.action, len(change.changes)) == ("recreated", 1)


def test_an_error_keeps_the_changes_before_it():
    done = [ObjectChange.between(REF, None, config("1"), "slipway")]
    error = ApplyError("refused", done, [{"name": "y"}])
    assert (error.done, error.result) == (done, {"errors": [{"name": "y"}]})
