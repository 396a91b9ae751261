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
    change = ObjectChange.between(REF, None, config("1"))
    assert (change.action, change.changed) == ("created", True)


def test_fields_decide_whether_an_object_changed():
    same = ObjectChange.between(REF, config("1"), config("1", resourceVersion="2"))
    assert (same.action, same.changed) == ("unchanged", False)
    other = ObjectChange.between(REF, config("1"), config("2"))
    assert other.result() == {
        "kind": "ConfigMap", "namespace": "default", "name": "x", "action": "configured",
        "changes": [{"field": "data.a", "before": "1", "after": "2"}],
    }  # fmt: skip


def test_a_recreated_object_has_its_changes():
    change = ObjectChange.recreated(REF, config("1"), config("2"))
    assert (change.action, len(change.changes)) == ("recreated", 1)


def test_an_error_keeps_the_changes_before_it():
    done = [ObjectChange.between(REF, None, config("1"))]
    error = ApplyError("refused", done, [{"name": "y"}])
    assert (error.done, error.result) == (done, {"errors": [{"name": "y"}]})
