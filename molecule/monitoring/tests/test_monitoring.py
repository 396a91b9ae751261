"""Monitoring measures a real cluster of two nodes and its host."""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import kubernetes
import pytest
import yaml

testinfra_hosts = ["ssh://debian13"]

STATE = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "state"
HERE = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
CONTROL = yaml.safe_load((HERE / "hosts.yml").read_text())["all"]["vars"]["mirror_address"]
# A namespace of this run: metrics and logs of an earlier one stay for a while.
SPACE = f"slipway-test-{os.getpid()}"
NODES = {"minikube", "minikube-m02"}
# An upper bound that is never reached in practice. Benchmarks measure the actual time.
PATIENCE = 150


@pytest.fixture(scope="module")
def api():
    return kubernetes.config.new_client_from_config(str(STATE / "kubeconfig"))


def ask(api, path, **query):
    """Return what the store answers."""
    answer = api.call_api(
        *api.param_serialize(
            "GET",
            f"/api/v1/namespaces/monitoring/services/metrics:8428/proxy/{path}",
            query_params=list(query.items()),
            auth_settings=["BearerToken"],
        )
    )
    answer.read()
    return json.loads(answer.data)


@pytest.fixture(scope="module")
def store(api):
    """A function that asks the store and returns samples as (labels, number)."""

    def query(text):
        result = ask(api, "api/v1/query", query=text)["data"]["result"]
        return [(one["metric"], float(one["value"][1])) for one in result]

    return query


def until(look, wanted):
    """Look until what is seen is wanted; return it."""
    end = time.monotonic() + PATIENCE
    while True:
        seen = look()
        if wanted(seen):
            return seen
        assert time.monotonic() < end, f"after {PATIENCE} s: {seen}"
        time.sleep(1)


@pytest.fixture
def space(api):
    core = kubernetes.client.CoreV1Api(api)
    core.create_namespace({"metadata": {"name": SPACE}})
    yield SPACE
    core.delete_namespace(SPACE)
    until(
        lambda: [n.metadata.name for n in core.list_namespace().items],
        lambda names: SPACE not in names,
    )


def image():
    served = yaml.safe_load((STATE / "mirror.yml").read_text())["mirror_served"]
    versions = yaml.safe_load((HERE / "../../upstream/versions.yml").read_text())
    return f"{served['image_prefix']}/e2e-test-images/agnhost:{versions['slipway_versions']['agnhost']}"


def test_kubectl_top_shows_all_nodes(host):
    with host.sudo("minikube"):
        lines = host.check_output("kubectl --context minikube top nodes --no-headers").splitlines()
    assert {line.split()[0] for line in lines} == NODES
    for line in lines:
        assert int(line.split()[3].removesuffix("Mi")) > 50, line


def test_everything_is_asked_and_answers(store):
    of_cluster = {"apiserver", "kubelet", "cadvisor", "kube-state-metrics", "node-exporter"}
    others = {"hosts", "metrics", "alerts", "kube-dns"}
    until(
        lambda: {labels["job"] for labels, up in store("up") if up == 1},
        lambda jobs: of_cluster | others <= jobs,
    )
    assert store("up == 0") == []


def test_nodes_pods_objects_and_host(store):
    until(  # recorded series appear later than their source series
        lambda: {labels["node"] for labels, _ in store("node:memory_used:ratio")},
        lambda nodes: nodes == NODES,
    )
    pods = {labels["pod"] for labels, used in store("pod:memory_used:bytes") if used > 2**20}
    assert "metrics-0" in pods
    [(_, ready)] = store('sum(kube_node_status_condition{condition="Ready",status="true"})')
    assert ready == len(NODES)
    unit = 'node_systemd_unit_state{instance="debian13",name="docker.service",state="active"}'
    assert [number for _, number in store(unit)] == [1]


def test_dashboards_are_shown_the_users_own_too(api):
    shown = ask(api, "vmui/custom-dashboards")["dashboardsSettings"]
    files = (HERE / "../../roles/monitoring/files/dashboards").glob("*.json")
    assert {one["title"] for one in shown} == {
        "Mine",
        *(json.loads(path.read_text())["title"] for path in files),
    }


def test_a_metric_moves_under_load(api, store, space):
    query = f'sum(pod:cpu_used:cores{{namespace="{space}"}})'
    assert store(query) == []
    container = {"name": "load", "image": image(), "args": ["stress", "--cpus", "1"]}
    pod = {"metadata": {"name": "load"}, "spec": {"containers": [container]}}
    kubernetes.client.CoreV1Api(api).create_namespaced_pod(space, pod)
    until(lambda: store(query), lambda samples: samples and samples[0][1] > 0.2)


class Receiver(ThreadingHTTPServer):
    """Keeps the alerts that are posted to it."""

    def __init__(self, address):
        super().__init__(address, Handler)
        self.alerts = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.alerts += json.loads(body)["alerts"]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        """Stay silent."""


@pytest.fixture
def received():
    """Alerts as they come in at the webhook that converge.yml declares."""
    server = Receiver((CONTROL, 5099))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.alerts
    server.shutdown()
    server.server_close()


def test_an_alert_fires_and_resolves(api, space, received):
    apps = kubernetes.client.AppsV1Api(api)
    probe = {"tcpSocket": {"port": 1}, "periodSeconds": 1}
    broken = {"name": "app", "image": image(), "args": ["netexec"], "readinessProbe": probe}
    labels = {"app": "broken"}
    spec = {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [broken]}},
    }
    apps.create_namespaced_deployment(space, {"metadata": {"name": "broken"}, "spec": spec})

    def states():
        return [a["status"] for a in received if a["labels"].get("deployment") == "broken"]

    until(states, lambda seen: "firing" in seen)
    [alert] = [a for a in received if a["labels"].get("deployment") == "broken"][:1]
    assert alert["labels"]["alertname"] == "ReplicasMissing"
    assert alert["annotations"]["summary"] == f"{space}/broken has unavailable pods: 1"
    path = "/spec/template/spec/containers/0/readinessProbe/tcpSocket/port"
    apps.patch_namespaced_deployment(
        "broken", space, [{"op": "replace", "path": path, "value": 8080}]
    )
    until(states, lambda seen: seen[-1] == "resolved")
