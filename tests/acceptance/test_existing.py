"""Workloads in a cluster that Slipway did not make, which leave what others have there."""

import json

import pytest

from support.lab import ROOT, Slipway

APP = "/apis/apps/v1/namespaces/default/deployments"
SERVICES = "/api/v1/namespaces/default/services"


class Guest(Slipway):
    """The command with the inventory of an existing cluster."""

    environment = {**Slipway.environment, "ANSIBLE_INVENTORY": str(ROOT / "inventories/existing")}


@pytest.fixture
def guest(kubeconfig, client, monkeypatch):
    """The command on this cluster, with an app of its own."""
    theirs = client.get(f"{APP}/hello-node")["spec"]["template"]["spec"]["containers"][0]
    app = {"name": "guest-app", "replicas": 1, "image": theirs["image"]}
    app |= {"command": theirs["command"], "probes": {"readiness": {"http": "/healthz"}}}
    monkeypatch.setitem(Guest.environment, "KUBECONFIG", kubeconfig)
    guest = Guest()
    guest.app = ("-e", json.dumps({"slipway_app": app}))
    yield guest
    assert guest.run("down", *guest.app).returncode == 0


def test_workloads_of_an_existing_cluster(guest, client):
    assert guest.json("up", *guest.app, "--check")["changed"] > 0
    assert client.get_or_none(f"{APP}/guest-app") is None
    assert guest.json("up", *guest.app)["changed"] > 0
    assert client.get(f"{SERVICES}/guest-app")["spec"]["type"] == "ClusterIP"
    assert guest.json("up", *guest.app)["changed"] == 0
    status = guest.json("status", *guest.app)
    assert status["ready"] and status["app"]["answer"].startswith("NOW")
    assert guest.run("kubectl", "get", "deployment", "guest-app").returncode == 0
    before = client.get(f"{APP}/hello-node")["metadata"]["uid"]
    assert guest.run("down", *guest.app).returncode == 0
    assert client.get_or_none(f"{APP}/guest-app") is None
    assert client.get(f"{APP}/hello-node")["metadata"]["uid"] == before


def test_an_app_of_others_is_neither_changed_nor_removed(guest, client):
    before = client.get(f"{APP}/hello-node")["metadata"]
    refused = guest.run("up")
    assert refused.returncode == 1 and "not created by slipway-existing" in refused.stderr
    assert guest.run("down").returncode == 0
    after = client.get(f"{APP}/hello-node")["metadata"]
    assert (after["uid"], after["resourceVersion"]) == (before["uid"], before["resourceVersion"])


def test_services_and_machines_are_refused(guest):
    refused = guest.run("up", "--with", "monitoring")
    assert refused.returncode == 1 and "Take monitoring out of slipway_services" in refused.stderr
    refused = guest.run("up", KUBECONFIG="/nowhere")
    assert refused.returncode == 1 and "Set slipway_existing_kubeconfig" in refused.stderr
