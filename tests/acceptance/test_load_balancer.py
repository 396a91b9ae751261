"""Services of the type LoadBalancer in a real lab: what answers, and what a removal keeps."""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request
import uuid

import pytest

from support.module_runner import run_module
from support.on_cluster import APP, good, until

pytestmark = pytest.mark.long

ON = ("-e", "minikube_load_balancer=true")
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
POOLS = "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools"


class World:
    """An application in a namespace, which answers with the name of its pod."""

    def __init__(self, client, kubeconfig, lab):
        self.client, self.kubeconfig, self.lab = client, kubeconfig, lab
        self.namespace = f"slipway-in-{uuid.uuid4().hex[:8]}"

    def deploy(self):
        self.client.post("/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        self.workload(
            name="direct", **{**APP, "service_type": "LoadBalancer", "ports": ["8080:8080"]}
        )

    def workload(self, **options):
        options = {"kubeconfig": self.kubeconfig, "namespace": self.namespace, **options}
        return good(run_module("workload", **options))

    def address(self, name):
        """Return the address of a Service, once it has one."""
        path = f"/api/v1/namespaces/{self.namespace}/services/{name}"

        def ingress():
            return (self.client.get(path)["status"].get("loadBalancer") or {}).get("ingress")

        return until(ingress, patience=60)[0]["ip"]

    def gone(self, name):
        """Wait until a Service has no address."""
        path = f"/api/v1/namespaces/{self.namespace}/services/{name}"
        until(lambda: not self.client.get(path)["status"].get("loadBalancer"), patience=60)

    def on_host(self, *words):
        host = f"slipway-{self.lab['lab']}-{self.lab['hosts'][0]['name']}"
        done = subprocess.run(["docker", "exec", host, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


def ask(url):
    """Return what a URL answers, or the status of an error."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return str(error.code)
    except OSError as error:
        return str(error)


def becomes(url, wanted):
    """Wait until a URL answers with a text that begins as wanted."""
    return until(lambda: ask(url), lambda said: said.startswith(wanted), patience=60)


@pytest.fixture(scope="module")
def world(client, kubeconfig, slipway, lab):
    """A lab that gives addresses to Services, and the application. Both go afterwards."""
    slipway.json("up", *ON)
    found = World(client, kubeconfig, lab)
    try:
        found.deploy()
        yield found
    finally:
        client.delete(f"/api/v1/namespaces/{found.namespace}")
        slipway.json("up")


def definitions(client):
    names = [one["metadata"]["name"] for one in client.get(DEFINITIONS)["items"]]
    return [name for name in names if name.endswith(".metallb.io")]


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
    pool = {"metadata": {"name": "mine"}, "spec": {"addresses": ["192.0.2.0/28"]}}
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
    assert definitions(world.client) == []
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
        assert definitions(world.client) == []
        found = world.client.get("/api/v1/namespaces/metallb-system")["metadata"]
        assert "app.kubernetes.io/part-of" not in found.get("labels", {})
    finally:
        world.client.delete("/api/v1/namespaces/metallb-system")
