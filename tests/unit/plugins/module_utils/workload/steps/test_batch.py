"""Tests of ``workload.steps.batch``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.batch import Batch
from support.objects import deployment

OBJECTS = [deployment("a"), deployment("b")]


def patched(live):
    after = {**live, "metadata": {**live["metadata"], "resourceVersion": "7"}}
    return ObjectChange(ref_of(live), "patched", live, {**after, "spec": {"replicas": 2}})


def test_the_result_names_each_object_and_its_version(cluster):
    batch = Batch(cluster.client, patched)
    batch.run(OBJECTS)
    result = batch.result()
    assert result["changed"]
    assert result["objects"][1] == {
        "kind": "Deployment", "namespace": "default", "name": "b", "action": "patched", "changes": [],
        "uid": "b-uid", "resource_version": "7",
    }  # fmt: skip
    assert batch.diff()["after"]["Deployment default/a"]["spec"] == {"replicas": 2}


@pytest.mark.parametrize("changed", [True, False])
def test_a_refusal_reports_what_was_changed(cluster, changed):
    def change(live):
        if live["metadata"]["name"] == "b":
            raise KubeError("no", changed=changed)
        return ObjectChange(ref_of(live), "unchanged", live, live)

    with pytest.raises(KubeError, match="Deployment default/b: no") as caught:
        Batch(cluster.client, change).run(OBJECTS)
    result = caught.value.result
    assert (result["changed"], len(result["objects"])) == (changed, 1)
    assert result["errors"][0]["name"] == "b"
