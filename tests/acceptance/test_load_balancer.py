"""Services of the type LoadBalancer in a real lab: what answers, and what a removal keeps."""

import pytest

from support.outside import ask, becomes, definitions, lab_with

pytestmark = pytest.mark.long

ON = ("-e", "minikube_load_balancer=true")
POOLS = "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools"


@pytest.fixture(scope="module")
def world(client, kubeconfig, slipway, lab):
    with lab_with(ON, client, kubeconfig, slipway, lab) as found:
        yield found


def test_an_address_answers_this_machine_and_the_host(world, slipway):
    address = world.address("direct")
    hosts = [one["address"] for one in world.lab["hosts"]]
    assert address.rpartition(".")[0] == hosts[0].rpartition(".")[0] and address not in hosts
    becomes(f"http://{address}:8080/hostname", "direct-")
    assert world.on_host("curl", "-s", f"http://{address}:8080/hostname").startswith("direct-")
    shown = slipway.run("service", f"{world.namespace}/direct", "--url")
    assert (shown.returncode, shown.stdout) == (0, f"http://{address}:8080/\n")


def test_a_second_run_changes_nothing_and_a_started_lab_has_its_addresses(world, slipway):
    assert slipway.json("up", *ON)["changed"] == 0
    address = world.address("direct")
    assert slipway.run("stop").returncode == 0
    assert slipway.run("start").returncode == 0
    assert world.address("direct") == address
    becomes(f"http://{address}:8080/hostname", "direct-")
    assert slipway.json("up", *ON)["changed"] == 0


def test_a_removal_keeps_definitions_that_a_user_needs(world, slipway):
    # No Service gets one of its addresses by itself.
    spec = {"addresses": ["192.0.2.0/28"], "autoAssign": False}
    pool = {"metadata": {"name": "mine"}, "spec": spec}
    world.client.post(POOLS, {"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool", **pool})
    address = world.address("direct")
    predicted = slipway.run("up", "--", "--check")
    assert predicted.returncode == 0, predicted.stderr
    becomes(f"http://{address}:8080/hostname", "direct-")
    assert slipway.json("up")["changed"] > 0
    world.gone("direct")
    assert world.client.get(f"{POOLS}/mine")["spec"]["addresses"] == ["192.0.2.0/28"]
    assert slipway.json("up")["changed"] == 0
    world.client.delete(f"{POOLS}/mine")


def test_everything_goes_that_the_option_brought(world, slipway):
    slipway.json("up", *ON)
    address = world.address("direct")
    becomes(f"http://{address}:8080/hostname", "direct-")
    slipway.json("up")
    world.gone("direct")
    assert not ask(f"http://{address}:8080/hostname").startswith("direct-")
    assert definitions(world.client, ".metallb.io") == []
    assert world.client.get_or_none("/api/v1/namespaces/metallb-system") is None
    assert world.on_host("ip", "route", "show", "proto", "213") == ""
    assert world.on_host("ip", "neigh", "show", "proxy") == ""
    assert "10.213" not in world.on_host("iptables", "-S", "DOCKER-USER")
    assert slipway.json("up")["changed"] == 0


def test_a_metallb_of_another_client_is_refused_and_kept(world, slipway):
    world.client.post("/api/v1/namespaces", {"metadata": {"name": "metallb-system"}})
    try:
        refused = slipway.run("up", *ON)
        assert refused.returncode != 0 and "did not install" in refused.stderr
        assert definitions(world.client, ".metallb.io") == []
        found = world.client.get("/api/v1/namespaces/metallb-system")["metadata"]
        assert "app.kubernetes.io/part-of" not in found.get("labels", {})
    finally:
        world.client.delete("/api/v1/namespaces/metallb-system")
