"""NetworkPolicies of the real cluster: what they block and allow, and how the lab turns them on and off."""

from __future__ import annotations

import subprocess
import time
import uuid

import pytest

from support.module_runner import run_module
from support.on_cluster import APP, good, until

CONNECT = ["/agnhost", "connect", "--protocol=tcp", "--timeout=2s"]
OBJECT = "/apis/apps/v1/namespaces/kube-system/daemonsets/slipway-network-policies"
EVERYONE, SHOP, BLOCKED = {"friend", "stranger", "other"}, {"friend", "stranger"}, set()


class Policies:
    """A server on the last node, and clients on all nodes: two in its namespace, one in another."""

    def __init__(self, client, kubeconfig):
        self.client, self.kubeconfig = client, kubeconfig
        self.shop, self.elsewhere = (f"slipway-np-{uuid.uuid4().hex[:8]}" for _ in range(2))
        nodes = client.get("/api/v1/nodes")["items"]
        self.last = nodes[-1]["metadata"]["name"]
        self.pods: dict[str, dict] = {}

    def module(self, name, namespace, /, **options):
        return good(run_module(name, kubeconfig=self.kubeconfig, namespace=namespace, **options))

    def deploy(self):
        for namespace, team in ((self.shop, "shop"), (self.elsewhere, "elsewhere")):
            metadata = {"name": namespace, "labels": {"team": team}}
            self.client.post("/api/v1/namespaces", {"metadata": metadata})
        hostname = {"kubernetes.io/hostname": self.last}
        server = {**APP, "name": "server", "node_selector": hostname}
        clients = {**APP, "kind": "DaemonSet", "service_type": "none"}
        self.module(
            "workload",
            self.shop,
            apps=[server, *({**clients, "name": one} for one in sorted(SHOP))],
        )
        self.module("workload", self.elsewhere, **clients, name="other")
        self.address = self.pod("server")["status"]["podIP"]

    def pod(self, name):
        path = f"/api/v1/namespaces/{self.shop}/pods"
        return self.client.get(path, labelSelector=f"app.kubernetes.io/name={name}")["items"][0]

    def remove(self):
        for namespace in (self.shop, self.elsewhere):
            self.client.delete(f"/api/v1/namespaces/{namespace}")

    def reach(self, name, target):
        """Check whether all pods of a client reach a target. The result is None when only some do."""
        namespace = self.elsewhere if name == "other" else self.shop
        done = self.module(
            "workload_exec", namespace, name=name, argv=[*CONNECT, target], all=True, check_rc=False
        )
        codes = {one["rc"] == 0 for one in done["results"]}
        return codes.pop() if len(codes) == 1 else None

    def expect(self, reached, target=""):
        """Wait until exactly these clients reach the server, or another target."""
        target = target or f"{self.address}:8080"
        until(
            lambda: {name: self.reach(name, target) for name in EVERYONE},
            lambda seen: seen == {name: name in reached for name in EVERYONE},
            patience=60,
        )

    @property
    def policies(self):
        return f"/apis/networking.k8s.io/v1/namespaces/{self.shop}/networkpolicies"

    def declare(self, **policies):
        """Make these the only policies of the namespace."""
        for one in self.client.get(self.policies)["items"]:
            self.client.delete(f"{self.policies}/{one['metadata']['name']}")
        for name, spec in policies.items():
            body = {"podSelector": {}, **spec}
            self.client.post(self.policies, {"metadata": {"name": name}, "spec": body})


@pytest.fixture(scope="module")
def policies(client, kubeconfig):
    """The pods, in two namespaces that go afterwards."""
    world = Policies(client, kubeconfig)
    try:
        world.deploy()
        yield world
    finally:
        world.remove()


@pytest.fixture(autouse=True)
def without_policies(request):
    """Begin each test in a namespace without policies, where everyone reaches the server."""
    if "policies" in request.fixturenames:
        world = request.getfixturevalue("policies")
        world.declare()
        world.expect(EVERYONE)


DENY = {"policyTypes": ["Ingress"]}


def ingress(*sources, port=8080):
    return {"ingress": [{"from": list(sources), "ports": [{"port": port}]}]}


def labels(name):
    return {"matchLabels": {"app.kubernetes.io/name": name}}


def test_a_policy_for_all_pods_blocks_everyone_and_keeps_the_probes_of_the_kubelet(policies):
    policies.declare(deny=DENY)
    policies.expect(BLOCKED)
    # The readiness probe of the server asks each second, from its own node. Three failures make it unready.
    time.sleep(6)
    status = policies.pod("server")["status"]
    assert ("Ready", "True") in [(one["type"], one["status"]) for one in status["conditions"]]
    assert status["containerStatuses"][0]["restartCount"] == 0


def test_allowed_pods_and_namespaces_reach_the_server(policies):
    friend = ingress({"podSelector": labels("friend")})
    policies.declare(deny=DENY, allow=friend)
    policies.expect({"friend"})
    elsewhere = {"namespaceSelector": {"matchLabels": {"team": "elsewhere"}}}
    policies.declare(deny=DENY, allow=ingress(elsewhere))
    policies.expect({"other"})
    policies.declare(deny=DENY, allow=friend, elsewhere=ingress(elsewhere))
    policies.expect({"friend", "other"})


def test_a_rule_for_another_port_does_not_open_the_server(policies):
    policies.declare(deny=DENY, allow=ingress({"podSelector": {}}, port=8081))
    policies.expect(BLOCKED)
    policies.declare(deny=DENY, allow=ingress({"podSelector": {}}, port=8080))
    policies.expect(SHOP)


def test_egress_is_limited_to_what_a_policy_names(policies):
    only_server = {
        "podSelector": labels("stranger"),
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"podSelector": labels("server")}]}],
    }
    policies.declare(egress=only_server)
    dns = policies.client.get("/api/v1/namespaces/kube-system/services/kube-dns")["spec"]
    policies.expect(EVERYONE - {"stranger"}, f"{dns['clusterIP']}:53")
    policies.expect(EVERYONE)
    policies.declare(egress={**only_server, "egress": []})
    policies.expect(EVERYONE - {"stranger"})


def test_a_removed_policy_opens_the_server(policies):
    policies.declare(deny=DENY)
    policies.expect(BLOCKED)
    policies.declare()
    policies.expect(EVERYONE)


def test_a_service_address_is_judged_by_its_pods(policies):
    path = f"/api/v1/namespaces/{policies.shop}/services/server"
    address = f"{policies.client.get(path)['spec']['clusterIP']}:80"
    policies.expect(EVERYONE, address)
    policies.declare(deny=DENY, allow=ingress({"podSelector": labels("friend")}))
    policies.expect({"friend"}, address)


def rules(lab):
    """Rules and sets of kube-router in each node."""
    host = f"slipway-acceptance-{lab['hosts'][0]['name']}"
    found = ""
    for node in lab["nodes"]:
        command = ["docker", "exec", host, "docker", "exec", node["name"], "iptables-save"]
        found += subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if "KUBE-ROUTER" in line or "KUBE-NWPLCY" in line]


def node_ids(slipway):
    """Return the UIDs of the nodes, which a node that was created again does not keep."""
    query = "jsonpath={.items[*].metadata.uid}"
    return slipway.run("kubectl", "get", "nodes", "--output", query).stdout.split()


@pytest.mark.long
def test_the_lab_stops_enforcing_and_enforces_again(lab, slipway, policies):
    policies.declare(deny=DENY)
    policies.expect(BLOCKED)
    assert rules(lab)
    nodes = node_ids(slipway)
    off = ("-e", "minikube_network_policies=false")

    predicted = slipway.run("up", *off, "--", "--check")
    assert predicted.returncode == 0, predicted.stderr
    assert "Delete the manifest of network policies" in predicted.stderr
    policies.expect(BLOCKED)
    slipway.json("up", *off)
    assert policies.client.get_or_none(OBJECT) is None and rules(lab) == []
    assert nodes and node_ids(slipway) == nodes
    policies.expect(EVERYONE)
    assert slipway.json("up", *off)["changed"] == 0

    assert slipway.json("up")["changed"] > 0
    policies.expect(BLOCKED)
    assert slipway.json("up")["changed"] == 0
    # Another client deletes what the lab has declared.
    policies.client.delete(OBJECT)
    assert slipway.json("up")["changed"] > 0
    assert policies.client.get(OBJECT)["status"]["numberReady"] == len(lab["nodes"])
    policies.expect(BLOCKED)
