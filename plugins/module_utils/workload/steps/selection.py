"""Select the workloads that a task scales by their labels."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import SCALABLE_APP_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling, select
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.scalings import (
    parse_scaling,
    scaled_kind,
)


def select_scalings(cluster: Cluster, params: dict, errors: ValidationErrors) -> list[Scaling]:
    """Return a scaling for each workload that the selector matches.

    Raises:
        KubeError: The selector matches no workload, or the number is not valid.
    """
    named = [params["kind"]] if params.get("kind") else SCALABLE_APP_KINDS
    kinds = [scaled_kind(params, kind, errors) for kind in named]
    errors.stop()
    refs = select(cluster.client, cluster.discovery, params["namespace"], kinds, params["selector"])
    if not refs:
        raise KubeError(
            f"selector {params['selector']!r} finds no {' or '.join(kind for _, kind in kinds)} "
            f"in namespace {params['namespace']}"
        )
    current = params.get("current_replicas")
    scalings = [parse_scaling(ref, params, current, errors) for ref in refs]
    errors.stop()
    return scalings
