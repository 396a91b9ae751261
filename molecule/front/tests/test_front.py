"""The page, its answers from the cluster, and what it refuses."""

import json

import pytest

testinfra_hosts = ["local://"]

URL = "http://127.213.9.1:5090"


def code(host, path, *flags):
    return host.check_output(
        f"curl -s -o /dev/null -w '%{{http_code}}' {' '.join(flags)} {URL}{path}"
    )


def test_page_and_all_that_it_loads_are_served(host):
    for path in ("/", "/front.js", "/front.css", "/icon.svg"):
        assert code(host, path) == "200"
    pages = json.loads(host.check_output(f"curl -s {URL}/lab.json"))["pages"]
    assert [page["name"] for page in pages] == ["App", "DNS"]
    assert pages[1]["url"] == f"{URL}/dns/metrics"


def test_it_tells_what_the_cluster_is(host):
    nodes = json.loads(host.check_output(f"curl -s {URL}/live/nodes"))["items"]
    assert [node["metadata"]["name"] for node in nodes] == ["minikube", "minikube-m02"]
    assert json.loads(host.check_output(f"curl -s {URL}/live/version"))["gitVersion"] == "v1.35.1"


def test_it_hands_on_what_is_named(host):
    assert "coredns_build_info" in host.check_output(f"curl -s {URL}/dns/metrics")


@pytest.mark.parametrize(
    ("path", "flags", "answer"),
    [
        ("/live/secrets", (), "404"),
        ("/live/nodes", ("-X", "DELETE"), "403"),
        ("/live/nodes", ("-H", "'Host: other.example'"), "421"),
        ("/dns/health", (), "404"),
        ("/dns/metrics", ("-X", "PUT"), "403"),
        ("/dns/metrics/..%2f..%2fsecrets", ("--path-as-is",), "404"),
        ("/dns/metrics/..%2f..%2f..%2fsecrets", ("--path-as-is",), "400"),
        ("/../client.key", ("--path-as-is",), "400"),
    ],
)
def test_it_refuses_the_rest(host, path, flags, answer):
    assert code(host, path, *flags) == answer


def test_it_is_reached_from_this_machine_only(host):
    listening = host.check_output("ss -Hltn 'sport = :5090'")
    assert "127.213.9.1:5090" in listening and "0.0.0.0" not in listening.split("127.213.9.1")[0]
