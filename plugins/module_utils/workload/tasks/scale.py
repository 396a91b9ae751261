"""Scale workloads and wait: the work of the ``workload_scale`` module."""

from __future__ import annotations

import time

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.scaling import (
    parse_autoscale,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.scalings import (
    parse_scalings,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.autoscale import (
    autoscale,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.scaling import (
    read_workloads,
    scale,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.selection import (
    select_scalings,
)


class ScaleTask:
    """One run of the module.

    Args:
        params: The parameters of the module.
        check: Whether the run only predicts its changes.
    """

    def __init__(self, params: dict, check: bool = False):
        self._params = {**params, "namespace": params.get("namespace") or "default"}
        self._check = check

    def run(self) -> dict:
        """Scale the workloads and wait for their pods.

        Returns:
            The result of the module.

        Raises:
            KubeError: A workload cannot be scaled, and nothing was changed; or the wait failed.
        """
        started = time.monotonic()
        params, errors = self._params, ValidationErrors()
        scalings = parse_scalings(params, params["namespace"], errors)
        if not scalings and not params.get("selector"):
            errors.add("workload_scale", "nothing is named; give name, workloads or selector")
        bounds = parse_autoscale(params.get("autoscale"), errors, "autoscale")
        errors.stop()
        cluster = Cluster.connect(params, "workload_scale", self._check)
        cluster.discovery.load({"apps/v1", *(scaling.ref.api_version for scaling in scalings)})
        if params.get("selector"):
            scalings = select_scalings(cluster, params, errors)
        scalings = read_workloads(cluster, scalings)
        result = (
            autoscale(cluster, scalings, bounds) if bounds else scale(cluster, params, scalings)
        )
        return {**result, "seconds": round(time.monotonic() - started, 3)}


def scale_workloads(module) -> dict:
    """Scale the workloads that a module names."""
    return ScaleTask(module.params, module.check_mode).run()
