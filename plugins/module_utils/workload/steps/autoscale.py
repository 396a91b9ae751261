"""Declare autoscalers of existing workloads."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.scaling import (
    render_autoscaler,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AutoscaleSpec
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.scaling import (
    scaling_outcome,
)


def autoscale(cluster: Cluster, scalings: list[Scaling], bounds: AutoscaleSpec) -> dict:
    """Apply a HorizontalPodAutoscaler for each workload.

    Returns:
        The result of the module.

    Raises:
        ApplyError: The API server refused an autoscaler.
    """
    objects = [render_autoscaler(scaling.ref, {}, bounds) for scaling in scalings]
    cluster.discovery.load({obj["apiVersion"] for obj in objects})
    refs = [ref_of(obj) for obj in objects]
    live = read_live(cluster.client, cluster.discovery, refs)
    changes = cluster.applier().apply(objects, live)
    return {
        "changed": any(change.changed for change in changes),
        "autoscalers": [change.result() for change in changes],
        # the autoscaler changes the number later
        "workloads": [scaling_outcome(scaling, scaling.before) for scaling in scalings],
    }
