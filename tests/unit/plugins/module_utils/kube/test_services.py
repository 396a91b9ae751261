from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.services import service_summary


def service(**fields):
    return {"metadata": {"name": "web", "namespace": "shop"}, **fields}


def test_a_node_port_has_both_ports():
    ports = [{"name": "http", "port": 80, "nodePort": 30080, "protocol": "TCP"}]
    assert service_summary(
        service(spec={"type": "NodePort", "clusterIP": "10.96.0.9", "ports": ports})
    ) == {
        "namespace": "shop",
        "name": "web",
        "type": "NodePort",
        "cluster_ip": "10.96.0.9",
        "external": [],
        "ports": [{"name": "http", "port": 80, "node_port": 30080, "protocol": "TCP"}],
    }


def test_a_headless_service_has_no_address():
    found = service_summary(service(spec={"clusterIP": "None", "ports": [{"port": 5432}]}))
    assert (found["cluster_ip"], found["type"]) == ("", "ClusterIP")
    assert found["ports"][0]["node_port"] is None


def test_external_addresses():
    ingress = [{"ip": "192.0.2.1"}, {"hostname": "lb.example"}]
    balanced = service(spec={"type": "LoadBalancer"}, status={"loadBalancer": {"ingress": ingress}})
    assert service_summary(balanced)["external"] == ["192.0.2.1", "lb.example"]
    named = service(spec={"type": "ExternalName", "externalName": "db.example"})
    assert service_summary(named)["external"] == ["db.example"]
