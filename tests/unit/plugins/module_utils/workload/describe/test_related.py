from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.related import (
    read_related,
)
from support.kube_fake import Refused
from support.objects import deployment, pod


def test_objects_of_the_namespace_are_read(api, apply, cluster):
    apply(ports=[80])
    api.put("pods", pod())
    related = read_related(cluster.client, deployment())
    assert [found["metadata"]["name"] for found in related.pods] == ["web-1"]
    assert [found["metadata"]["name"] for found in related.services] == ["web"]
    assert len(related.slices) == 1 and related.autoscalers == []


def test_a_refused_part_is_empty(api, cluster):
    api.put("pods", pod())

    def deny(method, path):
        if "/services" in path:
            raise Refused(403, "Forbidden", "services is forbidden")

    api.faults.append(deny)
    related = read_related(cluster.client, deployment())
    assert related.services == [] and len(related.pods) == 1


def test_missing_metrics_are_requested_once(api, cluster):
    asked = []

    def unavailable(method, path):
        if path.startswith("/apis/metrics.k8s.io"):
            asked.append(path)
            raise Refused(503, "ServiceUnavailable", "unavailable")

    api.faults.append(unavailable)
    assert read_related(cluster.client, deployment()).metrics == []
    assert len(asked) == 1
