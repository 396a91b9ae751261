"""Tests of ``slipway.lab.cluster_services``."""

import socket

import pytest

from slipway.errors import UsageError
from slipway.lab import cluster_services
from slipway.lab.cluster_services import (
    balancer_urls,
    find_service,
    full_name,
    node_urls,
    tcp_ports,
    url,
)


def service(name="web", namespace="shop", *ports):
    return {"metadata": {"name": name, "namespace": namespace}, "spec": {"ports": list(ports)}}


@pytest.fixture(autouse=True)
def cluster(monkeypatch):
    found = [service(), service("web", "two"), service("db")]
    monkeypatch.setattr(cluster_services, "read_objects", lambda project, *words: found)
    return found


@pytest.mark.parametrize(
    ("name", "namespace", "found"),
    [("db", None, "shop/db"), ("two/web", None, "two/web"), ("web", "shop", "shop/web")],
)
def test_a_service_is_found(name, namespace, found):
    assert full_name(find_service(None, name, namespace)) == found


@pytest.mark.parametrize(
    ("name", "namespace", "said", "next_step"),
    [
        ("web", None, "several Services: shop/web, two/web", "--namespace"),
        ("x", None, "no Service 'x'", "shop/web, two/web, shop/db"),
        ("db", "two", "no Service 'db'", "shop/db"),
    ],
)
def test_a_wrong_name_lists_the_right_ones(name, namespace, said, next_step):
    with pytest.raises(UsageError, match=said) as raised:
        find_service(None, name, namespace)
    assert next_step in raised.value.next_step


def test_a_cluster_without_services(cluster):
    cluster.clear()
    with pytest.raises(UsageError) as raised:
        find_service(None, "x", None)
    assert raised.value.next_step == "available: none"


def test_only_tcp_ports_can_be_reached():
    tcp, udp = {"port": 80}, {"port": 53, "protocol": "UDP"}
    assert tcp_ports(service("dns", "x", udp, tcp)) == [tcp]
    with pytest.raises(UsageError, match="x/dns has no TCP port"):
        tcp_ports(service("dns", "x", udp))


def test_the_address_of_a_load_balancer_counts_only_where_all_ports_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = {"port": server.getsockname()[1]}
        balanced = service("a", "b", port)
        assert balancer_urls(balanced) == []
        balanced["status"] = {"loadBalancer": {"ingress": [{"ip": "127.0.0.2"}]}}
        assert balancer_urls(balanced) == []
        balanced["status"]["loadBalancer"]["ingress"].append({"ip": "127.0.0.1"})
        assert balancer_urls(balanced) == [f"http://127.0.0.1:{port['port']}/"]
        balanced["spec"]["ports"].append({"port": 1})
        assert balancer_urls(balanced) == []


def test_node_ports_count_only_where_all_of_them_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        opened = {"port": 80, "nodePort": number}
        assert node_urls(service("a", "b", opened), ["127.0.0.2", "127.0.0.1"]) == [
            f"http://127.0.0.1:{number}/"
        ]
        for other in ({"port": 81}, {"port": 81, "nodePort": 1}):
            assert node_urls(service("a", "b", opened, other), ["127.0.0.1"]) == []
    assert node_urls(service("a", "b", opened), []) == []


@pytest.mark.parametrize(
    ("port", "address", "found"),
    [
        ({"port": 80}, "127.0.0.1", "http://127.0.0.1:5/"),
        ({"port": 443}, "::1", "https://[::1]:5/"),
        ({"port": 9000, "name": "https-admin"}, "h", "https://h:5/"),
    ],
)
def test_urls(port, address, found):
    assert url(port, address, 5) == found
