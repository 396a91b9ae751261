from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AutoscaleSpec
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.autoscale import autoscale
from support.objects import deployment


def test_each_workload_gets_an_autoscaler(api, cluster):
    scaling = Scaling(ref_of(deployment()), "+0", before=2)
    result = autoscale(cluster, [scaling], AutoscaleSpec(1, 4, cpu=50))
    assert result["changed"] and result["workloads"][0]["after"] == 2
    assert api.get("horizontalpodautoscalers", "web")["spec"]["maxReplicas"] == 4
    assert not autoscale(cluster, [scaling], AutoscaleSpec(1, 4, cpu=50))["changed"]
