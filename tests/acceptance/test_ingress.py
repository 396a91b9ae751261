"""Ingresses and the Gateway API of a real lab: what answers, and what a removal keeps."""

import pytest

from support.on_cluster import until
from support.outside import DEFINITIONS, ask, becomes, definitions, lab_with

pytestmark = pytest.mark.long

ON = ("-e", "minikube_ingress=true")
GATEWAYS = "gateway.networking.k8s.io/v1"
CLASSES = "/apis/networking.k8s.io/v1/ingressclasses"


def ingress(backend):
    path = {"path": "/", "pathType": "Prefix"}
    path["backend"] = {"service": {"name": backend, "port": {"number": 80}}}
    rules = [{"host": "in.example.test", "http": {"paths": [path]}}]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web"},
        "spec": {"rules": rules},
    }


def gateway():
    listener = {"name": "http", "port": 80, "protocol": "HTTP"}
    spec = {"gatewayClassName": "traefik", "listeners": [listener]}
    return {"apiVersion": GATEWAYS, "kind": "Gateway", "metadata": {"name": "web"}, "spec": spec}


def route(backend):
    spec = {
        "parentRefs": [{"name": "web"}],
        "hostnames": ["route.example.test"],
        "rules": [{"backendRefs": [{"name": backend, "port": 80}]}],
    }
    return {"apiVersion": GATEWAYS, "kind": "HTTPRoute", "metadata": {"name": "web"}, "spec": spec}


@pytest.fixture(scope="module")
def world(client, kubeconfig, slipway, lab):
    with lab_with(ON, client, kubeconfig, slipway, lab) as found:
        yield found


def test_an_ingress_without_a_class_leads_to_its_backend(world):
    url = f"http://{world.address('traefik', 'traefik')}/hostname"
    world.apply(ingress("blue"))
    becomes(url, "blue-", "in.example.test")
    assert ask(url, "other.example.test") == "404"
    world.apply(ingress("green"))
    becomes(url, "green-", "in.example.test")


def test_a_route_of_a_gateway_leads_to_its_backend(world):
    world.apply(gateway())
    world.apply(route("blue"))
    path = f"/apis/{GATEWAYS}/namespaces/{world.namespace}/gateways/web"
    given = until(lambda: world.client.get(path)["status"].get("addresses"), patience=60)
    assert given[0]["value"] == world.address("traefik", "traefik")
    url = f"http://{given[0]['value']}/hostname"
    becomes(url, "blue-", "route.example.test")
    world.apply(route("green"))
    becomes(url, "green-", "route.example.test")


def test_a_second_run_changes_nothing_and_a_restarted_host_brings_the_addresses_back(
    world, slipway
):
    assert slipway.json("up", *ON)["changed"] == 0
    address = world.address("direct")
    slipway.run("stop")
    assert slipway.run("start").returncode == 0
    assert world.address("direct") == address
    becomes(f"http://{address}:8080/hostname", "direct-")
    becomes(f"http://{world.address('traefik', 'traefik')}/hostname", "green-", "in.example.test")
    assert slipway.json("up", *ON)["changed"] == 0


def test_the_ingress_controller_goes_and_objects_of_users_stay(world, slipway):
    only_balancer = ("-e", "minikube_load_balancer=true")
    predicted = slipway.run("up", *only_balancer, "--", "--check")
    assert predicted.returncode == 0, predicted.stderr
    assert world.client.get_or_none(f"{CLASSES}/traefik")
    gone = slipway.run("up", *only_balancer)
    assert gone.returncode == 0, gone.stderr
    assert world.client.get_or_none(f"{CLASSES}/traefik") is None
    path = f"/apis/{GATEWAYS}/namespaces/{world.namespace}/httproutes/web"
    assert world.client.get(path)["spec"]["hostnames"] == ["route.example.test"]
    becomes(f"http://{world.address('direct')}:8080/hostname", "direct-")
    assert slipway.json("up", *only_balancer)["changed"] == 0
    for kind in ("httproutes", "gateways"):
        world.client.delete(f"/apis/{GATEWAYS}/namespaces/{world.namespace}/{kind}/web")


def test_a_foreign_ingress_controller_is_refused_and_kept(world, slipway):
    annotations = {"ingressclass.kubernetes.io/is-default-class": "true"}
    foreign = {"metadata": {"name": "other", "annotations": annotations}}
    world.client.post(CLASSES, {**foreign, "spec": {"controller": "example.com/other"}})
    try:
        refused = slipway.run("up", *ON)
        assert refused.returncode != 0 and "default IngressClass" in refused.stderr
        assert world.client.get_or_none(f"{CLASSES}/traefik") is None
    finally:
        world.client.delete(f"{CLASSES}/other")


def test_everything_goes_that_the_options_brought(world, slipway):
    slipway.json("up", *ON)
    address = world.address("direct")
    slipway.json("up")
    world.gone("direct")
    assert ask(f"http://{address}:8080/hostname") not in ("", "200")
    for group in (".metallb.io", ".gateway.networking.k8s.io"):
        assert definitions(world.client, group) == []
    for namespace in ("metallb-system", "traefik"):
        assert world.client.get_or_none(f"/api/v1/namespaces/{namespace}") is None
    assert world.on_host("ip", "route", "show", "proto", "213") == ""
    assert world.on_host("ip", "neigh", "show", "proxy") == ""
    assert "10.213" not in world.on_host("iptables", "-S", "DOCKER-USER")
    assert slipway.json("up")["changed"] == 0


def test_definitions_of_another_version_are_refused_and_kept(world, slipway):
    slipway.json("up", *ON)
    name = "httproutes.gateway.networking.k8s.io"
    theirs = world.client.get(f"{DEFINITIONS}/{name}")
    slipway.json("up")
    metadata = {"name": name, "annotations": dict(theirs["metadata"]["annotations"])}
    metadata["annotations"]["gateway.networking.k8s.io/bundle-version"] = "v1.3.0"
    world.client.post(DEFINITIONS, {"metadata": metadata, "spec": theirs["spec"]})
    try:
        refused = slipway.run("up", *ON)
        assert refused.returncode != 0 and "in version v1.3.0" in refused.stderr
        assert definitions(world.client, ".gateway.networking.k8s.io") == [name]
    finally:
        world.client.delete(f"{DEFINITIONS}/{name}")
        slipway.json("up")
