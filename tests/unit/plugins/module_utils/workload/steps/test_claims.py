"""Tests of ``workload.steps.claims``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.claims import (
    claims_for_pods,
)
from support.kube_fake import Refused


@pytest.fixture
def found(api, cluster):
    """Find claims on a cluster with two classes of storage; ``found.result`` is the result of the module."""
    for name, mode in (("lazy", "WaitForFirstConsumer"), ("fast", "Immediate")):
        metadata = {"name": name}
        api.put("storageclasses", {"metadata": metadata, "volumeBindingMode": mode})

    def find(objects: list[dict]) -> set[str]:
        return {ref.name for ref in claims_for_pods(cluster.client, objects, find.result)}

    find.result = {}
    return find


def claim(name: str, storage_class: str | None, phase: str = "Pending") -> dict:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"storageClassName": storage_class},
        "status": {"phase": phase},
    }


CLAIMS = [
    claim("lazy", "lazy"),
    claim("bound", "lazy", "Bound"),
    claim("lost", "lazy", "Lost"),
    claim("fast", "fast"),
    claim("unknown", "unknown"),
    claim("static", ""),
    claim("none", None),
    {**claim("other", "lazy"), "kind": "Widget"},
]


def test_only_claims_that_wait_for_a_pod_are_left_out(found):
    assert found(CLAIMS) == {"lazy"} and found.result == {}


def refuse(api, status: int) -> None:
    def fault(method, path):
        if "/storageclasses/fast" in path:
            raise Refused(status, "Forbidden", "no classes for you")

    api.faults.append(fault)


def test_a_class_that_may_not_be_read_is_a_warning(api, found):
    refuse(api, 403)
    assert found(CLAIMS) == {"lazy", "fast"}
    (warning,) = found.result["warnings"]
    assert "StorageClass fast are not waited for" in warning and "no classes for you" in warning


def test_another_refusal_is_an_error(api, found):
    refuse(api, 400)
    with pytest.raises(KubeError, match="no classes for you"):
        found(CLAIMS)


def test_claims_with_volumes_cost_no_request(api, found):
    before = len(api.log)
    assert found([claim("bound", "lazy", "Bound")]) == set()
    assert len(api.log) == before
