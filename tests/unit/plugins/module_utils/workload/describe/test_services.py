from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.services import (
    autoscaler_summary,
    selects,
    service_summary,
)
from support.objects import deployment

LABELS = {"app.kubernetes.io/name": "web"}


def service(selector: dict | None) -> dict:
    ports = [{"port": 80, "nodePort": 30080}]
    return {"metadata": {"name": "web"}, "spec": {"selector": selector, "ports": ports}}


def test_a_service_selects_the_pods_of_a_workload():
    assert selects(service(LABELS), deployment())
    assert not selects(service({"a": "b"}), deployment())
    assert not selects(service(None), deployment())


def test_a_summary_has_only_the_addresses_of_its_service():
    slices = [
        {
            "metadata": {"labels": {"kubernetes.io/service-name": name}},
            "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
        }
        for name, address in (("web", "10.0.0.1"), ("other", "10.0.0.2"))
    ]
    summary = service_summary(service(LABELS), slices)
    assert (summary["type"], summary["ready_addresses"]) == ("ClusterIP", 1)
    assert summary["ports"] == [{"port": 80, "node_port": 30080, "protocol": "TCP"}]


def test_an_autoscaler_is_found_by_its_target():
    spec = {"maxReplicas": 4, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    items = [{"spec": spec, "status": {"currentReplicas": 2}}]
    assert autoscaler_summary(items, deployment()) == {
        "min": 1,
        "max": 4,
        "current": 2,
        "desired": 0,
    }
    assert autoscaler_summary(items, deployment("other")) is None
