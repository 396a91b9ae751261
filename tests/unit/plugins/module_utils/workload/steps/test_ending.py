"""Tests of ``workload.steps.ending``."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.ending import read_present


def ending(api, **more):
    metadata = {
        "name": "x",
        "namespace": "default",
        "deletionTimestamp": "2026-01-01T00:00:00Z",
        **more,
    }
    api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    return [{**api.get("configmaps", "x"), "apiVersion": "v1", "kind": "ConfigMap"}]


def test_the_task_continues_when_the_object_has_gone(api, cluster):
    objects = ending(api)
    threading.Timer(0.2, lambda: api.remove("configmaps", "x", "default")).start()
    assert read_present(cluster, objects) == {}


def test_an_object_that_stays_is_named_with_its_finalizers(api, cluster):
    objects = ending(api, finalizers=["example.com/hold"])
    with pytest.raises(KubeError, match="ConfigMap default/x still exists.*example.com/hold"):
        read_present(cluster.within(0.3), objects)


def test_other_objects_are_only_read(api, cluster):
    objects = ending(api, deletionTimestamp=None)
    assert list(read_present(cluster, objects)) == [ref_of(objects[0])]
    assert not any("watch" in path for _, path in api.log)
