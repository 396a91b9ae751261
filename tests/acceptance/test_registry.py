"""The registry on the real cluster: push, pull and deploy by digest over TLS that nodes verify."""

from __future__ import annotations

import json
import subprocess
import uuid

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from support.module_runner import run_module
from support.on_cluster import good

pytestmark = pytest.mark.long
REGISTRY = "10.213.77.1:5443"
TRUST = "/etc/containerd/certs.d/10.213.77.1_5443_"
WITH = ("--with", "registry", "-e", '{"mirror_extras": ["demo"]}')
APP = {
    "command": ["/agnhost", "netexec", "--http-port=8080"],
    "ports": ["80:8080"],
    "probes": {"readiness": {"http": "/healthz", "period": 1}},
}


@pytest.fixture(scope="module")
def served(lab, slipway):
    """The lab with its registry, which it may have from an earlier test."""
    return slipway.json("up", *WITH)


@pytest.fixture(scope="module")
def client(lab):
    with_client = KubeClient({"kubeconfig": lab["kubeconfig"]})
    yield with_client
    with_client.close()


@pytest.fixture
def workload(lab, client):
    namespace = f"slipway-test-{uuid.uuid4().hex[:8]}"
    client.post("/api/v1/namespaces", {"metadata": {"name": namespace}})

    def run(**options):
        options = {
            "kubeconfig": lab["kubeconfig"],
            "namespace": namespace,
            "name": "web",
            **APP,
            **options,
        }
        return run_module("workload", **options)

    run.namespace = namespace
    yield run
    client.delete(f"/api/v1/namespaces/{namespace}")


def pushed(name, text):
    """Push a server with a file of its own, and return its name by digest."""
    files = {"/text": {"content": text}}
    options = {"base": "slipway/agnhost:2.59", "files": files, "entrypoint": ["/agnhost"]}
    return good(run_module("image", registry=REGISTRY, name=name, **options))["reference"]


def image_ids(client, namespace):
    """Return the images that pods run, as their nodes found them, by node."""
    pods, _ = client.list_all(f"/api/v1/namespaces/{namespace}/pods")
    return {
        pod["spec"]["nodeName"]: pod["status"]["containerStatuses"][0]["imageID"]
        for pod in pods
        if "deletionTimestamp" not in pod["metadata"]
    }


def on_node(slipway, node, *command):
    ssh = ["ssh", "-F", str(slipway.state / "ssh/config"), "lab1", "sudo", "docker", "exec", node]
    return subprocess.run([*ssh, *command], capture_output=True, text=True, check=True)


def test_registry_comes_on_request_and_stays(served, slipway):
    assert slipway.json("up", *WITH)["changed"] == 0
    assert slipway.json("up")["changed"] == 0
    inspected = subprocess.run(
        ["skopeo", "inspect", f"docker://{REGISTRY}/slipway/agnhost:2.59"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(inspected.stdout)["Digest"].startswith("sha256:")


def test_every_node_runs_exactly_what_was_pushed(served, workload, client):
    first = pushed("team/web:v1", "one")
    good(workload(kind="DaemonSet", image=first))
    assert len(image_ids(client, workload.namespace)) == len(served["nodes"])
    assert set(image_ids(client, workload.namespace).values()) == {first}
    second = pushed("team/web:v1", "two")
    assert second != first
    assert not good(workload(kind="DaemonSet", image=first))["changed"]
    good(workload(kind="DaemonSet", image=second))
    assert set(image_ids(client, workload.namespace).values()) == {second}


def test_second_push_of_the_same_changes_nothing(served):
    assert pushed("team/same:v1", "x") == pushed("team/same:v1", "x")
    options = {"base": "slipway/agnhost:2.59", "files": {"/text": {"content": "x"}}}
    again = run_module(
        "image", registry=REGISTRY, name="team/same:v1", entrypoint=["/agnhost"], **options
    )
    assert not good(again)["changed"]


def test_context_is_built_pushed_and_run(served, workload, client, tmp_path):
    (tmp_path / "Containerfile").write_text(
        f"FROM {REGISTRY}/slipway/agnhost:2.59\nCOPY text /text\n"
    )
    (tmp_path / "text").write_text(uuid.uuid4().hex)
    build = {"registry": REGISTRY, "name": "team/built:v1", "context": str(tmp_path)}
    built = good(run_module("image", **build))
    assert built["changed"] and not good(run_module("image", **build))["changed"]
    good(workload(image=built["reference"]))
    assert set(image_ids(client, workload.namespace).values()) == {built["reference"]}


def test_node_without_trust_refuses_and_the_task_says_why(served, slipway, workload, client):
    nodes = [node["name"] for node in served["nodes"]]
    reference = pushed("team/refused:v1", uuid.uuid4().hex)
    for node in nodes:
        on_node(slipway, node, "mv", TRUST, "/root/trust")
    try:
        refused = workload(image=reference, fail_after={"pull": 1})
    finally:
        for node in nodes:
            on_node(slipway, node, "mv", "/root/trust", TRUST)
    assert refused["failed"] and "certificate signed by unknown authority" in refused["msg"]
    # Another pod, for the first one's next try is a while away.
    good(workload(name="again", image=reference))


@pytest.mark.long
def test_node_that_is_added_later_trusts_it(served, slipway, workload, client):
    count = len(served["nodes"]) + 1
    try:
        grown = slipway.json("up", "-e", f'{{"minikube_nodes": {count}}}')
        assert len(grown["nodes"]) == count
        reference = pushed("team/later:v1", uuid.uuid4().hex)
        good(workload(kind="DaemonSet", image=reference))
        assert len(image_ids(client, workload.namespace)) == count
    finally:
        slipway.json("up", "-e", f'{{"minikube_nodes": {count - 1}}}')
