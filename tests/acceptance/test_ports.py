"""Ports that are added to a running lab: what answers, and what a removal leaves."""

import json

import pytest

from support.outside import World, ask, becomes

pytestmark = pytest.mark.long

PORT = 31234
PORTS = (
    f"{{{{ ([8443, slipway_app_node_port | int, {PORT}] + slipway_lesson_node_ports)"
    " | map('regex_replace', '^(.*)$', ansible_host ~ ':\\1:\\1') }}"
)
WITH = ("-e", json.dumps({"minikube_ports": PORTS}))
SERVICES = "/api/v1/namespaces/default/services"


@pytest.fixture
def url(client, lab, slipway):
    """The address of a Service at a node port that the lab does not publish."""
    app = client.get("/apis/apps/v1/namespaces/default/deployments/hello-node")
    ports = [{"port": 8080, "nodePort": PORT}]
    selector = app["spec"]["selector"]["matchLabels"]
    spec = {"type": "NodePort", "ports": ports, "selector": selector}
    client.post(SERVICES, {"metadata": {"name": "added-port"}, "spec": spec})
    yield f"http://{lab['hosts'][0]['address']}:{PORT}/"
    client.delete(f"{SERVICES}/added-port")
    slipway.json("up")


@pytest.fixture
def nodes(client, kubeconfig, lab):
    """Return the containers of the nodes, with the moments at which they started."""
    host = World(client, kubeconfig, lab)
    owned = "label=created_by.minikube.sigs.k8s.io=true"

    def read():
        found = host.on_host("docker", "ps", "--quiet", "--filter", owned).split()
        return host.on_host("docker", "inspect", "--format", "{{.Id}} {{.State.StartedAt}}", *found)

    return read


def test_ports_are_added_and_removed_while_the_cluster_runs(url, slipway, nodes):
    before = nodes()
    assert not ask(url).startswith("NOW")
    assert slipway.run("up", *WITH, "--", "--check").returncode == 0
    assert not ask(url).startswith("NOW")
    assert slipway.json("up", *WITH)["changed"] == 1
    becomes(url, "NOW")
    shown = slipway.run("service", "added-port", "--url")
    assert (shown.returncode, shown.stdout.strip()) == (0, url)
    assert slipway.json("up", *WITH)["changed"] == 0
    assert nodes() == before

    assert slipway.run("stop").returncode == 0 and slipway.run("start").returncode == 0
    becomes(url, "NOW")
    assert slipway.json("up", *WITH, "--nodes", "3")["changed"] > 0
    becomes(url, "NOW")

    assert slipway.json("up")["changed"] > 0
    assert not ask(url).startswith("NOW")
    assert slipway.json("up")["changed"] == 0
