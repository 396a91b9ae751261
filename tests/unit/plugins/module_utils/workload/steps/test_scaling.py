from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.scaling import (
    read_workloads,
    scale,
)
from support.objects import deployment

OPTIONS = {"allow_autoscaled": False, "wait": True, "remove_data": False}


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


@pytest.mark.parametrize(
    ("number", "removes", "is_refused"), [(1, False, True), (1, True, False), (4, False, False)]
)
def test_claims_that_go_with_pods_are_refused(api, cluster, number, removes, is_refused):
    policy = {"persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete"}}
    live = {**deployment(replicas=3, **policy), "kind": "StatefulSet"}
    api.put("statefulsets", live)
    cluster.discovery.load(["apps/v1"])
    read = read_workloads(cluster, [Scaling(ref_of(live), number)])
    options = {**OPTIONS, "wait": False, "remove_data": removes}
    if is_refused:
        with pytest.raises(KubeError, match="default/web: .* deletes the claims of the pods that"):
            scale(cluster, options, read)
        assert not api.writes
    else:
        assert scale(cluster, options, read)["changed"]


def put_autoscaler(api):
    target = {"kind": "Deployment", "name": "web"}
    metadata = {"name": "web-hpa", "namespace": "default"}
    spec = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 4}
    api.put("horizontalpodautoscalers", {"kind": "H", "metadata": metadata, "spec": spec})


def test_an_autoscaled_workload_without_pods_is_woken(api, cluster):
    put_autoscaler(api)
    api.put("deployments", deployment(replicas=0))
    cluster.discovery.load(["apps/v1"])

    def run(number):
        scaling = Scaling(ref_of(deployment()), number)
        return scale(cluster, OPTIONS, read_workloads(cluster, [scaling]))

    with pytest.raises(KubeError, match="belongs to HorizontalPodAutoscaler web-hpa"):
        run(9)
    assert run(2)["changed"] and api.get("deployments", "web")["spec"]["replicas"] == 2


def test_an_autoscaled_workload_is_refused(api, cluster, scaling):
    put_autoscaler(api)
    with pytest.raises(KubeError, match="belongs to HorizontalPodAutoscaler web-hpa"):
        scale(cluster, OPTIONS, [scaling])
    assert not api.writes


def test_an_equal_number_changes_nothing(api, cluster, scaling):
    result = scale(cluster, OPTIONS, [replace(scaling, after=scaling.before)])
    assert not result["changed"] and not api.writes
    assert result["workloads"][0]["state"]


def test_workloads_of_different_kinds_are_waited_for_together(api, cluster, scaling):
    metadata = {"name": "w", "namespace": "default"}
    widget = {"metadata": metadata, "spec": {"replicas": 1}, "status": {"replicas": 1}}
    api.put("widgets", widget)
    other = Scaling(ObjectRef("example.com/v1", "Widget", "default", "w"), 1)
    result = scale(cluster, OPTIONS, [*read_workloads(cluster, [other]), scaling])
    states = [one["state"] for one in result["workloads"]]
    assert states == ["1 of 1 pods exist", "3 of 3 pods are available"]
