"""Read the objects around a workload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.warnings import warn

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import pods_of

METRICS = "/apis/metrics.k8s.io/v1beta1"


@dataclass(frozen=True)
class RelatedObjects:
    """The objects around a workload. A part that the API server refuses is empty.

    Args:
        pods: The pods of the workload.
        services: The Services of its namespace.
        slices: The EndpointSlices of its namespace.
        events: The events of its namespace.
        autoscalers: The autoscalers of its namespace.
        metrics: The use of resources by the pods of its namespace.
    """

    pods: list[dict]
    services: list[dict]
    slices: list[dict]
    events: list[dict]
    autoscalers: list[dict]
    metrics: list[dict]


def read_related(client: KubeClient, workload: dict) -> RelatedObjects:
    """Read the objects around a workload concurrently."""
    namespace = path_segment(workload["metadata"]["namespace"])
    collections = [
        f"/api/v1/namespaces/{namespace}/services",
        f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices",
        f"/api/v1/namespaces/{namespace}/events",
        f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers",
    ]
    answers = client.parallel(
        lambda read: read(),
        [
            lambda: pods_of(client, workload),
            *(lambda path=path: client.list_all(path)[0] for path in collections),
            # without a retry, because the server of the metrics may run on a failed node
            lambda: client.get_once(f"{METRICS}/namespaces/{namespace}/pods").get("items"),
        ],
    )
    warn_of_refusals(answers)
    return RelatedObjects(*map(_or_empty, answers))


def warn_of_refusals(answers: list) -> None:
    """Warn that a part is empty because the account may not read it."""
    for answer in answers:
        if isinstance(answer, ApiError) and answer.status == 403:
            warn(f"a part of the description is empty: {answer}")


def _or_empty(answer: Any) -> list[dict]:
    return [] if isinstance(answer, KubeError) else answer or []
