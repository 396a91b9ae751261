from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.scaling import (
    read_workloads,
    scale,
)
from support.objects import deployment

OPTIONS = {"allow_autoscaled": False, "wait": True}


@pytest.fixture
def scaling(api, cluster):
    """A scaling of the Deployment web from 1 to 3 pods, after it was read."""
    api.put("deployments", deployment())
    cluster.discovery.load(["apps/v1"])
    one = Scaling(ref_of(deployment()), 3)
    return read_workloads(cluster, [one])[0]


def test_a_workload_that_does_not_exist_is_an_error(cluster):
    cluster.discovery.load(["apps/v1"])
    missing = [Scaling(ref_of(deployment(name)), 3) for name in ("a", "b")]
    with pytest.raises(KubeError, match="default/a does not exist\n.*default/b does not exist"):
        read_workloads(cluster, missing)


def test_check_mode_predicts_the_numbers(api, params, scaling):
    cluster = Cluster.connect(params, "workload_scale", check=True)
    result = scale(cluster, OPTIONS, [scaling])
    assert result["changed"] and result["diff"]["after"] == {
        "Deployment default/web": {"replicas": 3}
    }
    assert not api.writes


def test_an_autoscaled_workload_is_refused(api, cluster, scaling):
    target = {"kind": "Deployment", "name": "web"}
    metadata = {"name": "web-hpa", "namespace": "default"}
    api.put(
        "horizontalpodautoscalers",
        {"kind": "H", "metadata": metadata, "spec": {"scaleTargetRef": target}},
    )
    with pytest.raises(KubeError, match="belongs to HorizontalPodAutoscaler web-hpa"):
        scale(cluster, OPTIONS, [scaling])
    assert not api.writes


def test_an_equal_number_changes_nothing(api, cluster, scaling):
    result = scale(cluster, OPTIONS, [replace(scaling, after=scaling.before)])
    assert not result["changed"] and not api.writes
    assert result["workloads"][0]["state"]
