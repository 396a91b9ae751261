"""Tests of ``workload.steps.ending``."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.ending import wait_for_ends


def ending(api, **more):
    metadata = {
        "name": "x",
        "namespace": "default",
        "deletionTimestamp": "2026-01-01T00:00:00Z",
        **more,
    }
    api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    obj = {**api.get("configmaps", "x"), "apiVersion": "v1", "kind": "ConfigMap"}
    return {ref_of(obj): obj}


def test_the_task_continues_when_the_object_has_gone(api, cluster):
    live = ending(api)
    threading.Timer(0.2, lambda: api.remove("configmaps", "x", "default")).start()
    wait_for_ends(cluster, live)
    assert live == {}


def test_an_object_that_stays_is_named_with_its_finalizers(api, cluster):
    live = ending(api, finalizers=["example.com/hold"])
    with pytest.raises(KubeError, match="ConfigMap default/x still exists.*example.com/hold"):
        wait_for_ends(cluster.within(0.3), live)


def test_other_objects_cost_no_request(api, cluster):
    wait_for_ends(cluster, {})
    assert api.log == []
