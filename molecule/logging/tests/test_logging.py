"""Logs of a real cluster of two nodes and of its host are found in one store."""

import json
import os
import time
import uuid
from pathlib import Path

import kubernetes
import pytest
import yaml

testinfra_hosts = ["ssh://debian13"]

STATE = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "state"
HERE = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
# A namespace of this run: metrics and logs of an earlier one stay for a while.
SPACE = f"slipway-test-{os.getpid()}"
NODES = ("minikube", "minikube-m02")
# An upper bound that is never reached in practice. Benchmarks measure the actual time.
PATIENCE = 120


@pytest.fixture(scope="module")
def api():
    return kubernetes.config.new_client_from_config(str(STATE / "kubeconfig"))


def get(api, path, **query):
    """Return the response of a request through the API server, or an empty text while the service has no endpoint."""
    request = api.param_serialize(
        "GET", path, query_params=list(query.items()), auth_settings=["BearerToken"]
    )
    answer = api.call_api(*request)
    answer.read()
    assert answer.status in (200, 503), answer.data
    return answer.data.decode() if answer.status == 200 else ""


@pytest.fixture(scope="module")
def store(api):
    """A function that asks the store and returns lines as mappings."""
    path = "/api/v1/namespaces/logging/services/logs:9428/proxy/select/logsql/query"
    return lambda text: [json.loads(line) for line in get(api, path, query=text).splitlines()]


def until(look, wanted=bool, patience=PATIENCE):
    """Look until what is seen is wanted; return it."""
    end = time.monotonic() + patience
    while True:
        seen = look()
        if wanted(seen):
            return seen
        assert time.monotonic() < end, f"after {patience} s: {seen}"
        time.sleep(1)


@pytest.fixture(scope="module")
def space(api):
    core = kubernetes.client.CoreV1Api(api)
    core.create_namespace({"metadata": {"name": SPACE}})
    yield SPACE
    core.delete_namespace(SPACE)


def run_pod(api, name, arguments, node=None):
    """Start a pod of the tutorial's app."""
    served = yaml.safe_load((STATE / "mirror.yml").read_text())["mirror_served"]
    pins = yaml.safe_load((HERE / "../../upstream/versions.yml").read_text())["slipway_versions"]
    image = f"{served['image_prefix']}/e2e-test-images/agnhost:{pins['agnhost']}"
    container = {"name": "main", "image": image, "args": arguments}
    pod = {
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"containers": [container], "nodeName": node, "restartPolicy": "Never"},
    }
    kubernetes.client.CoreV1Api(api).create_namespaced_pod(SPACE, pod)


@pytest.mark.parametrize("node", NODES)
def test_a_line_of_a_pod_is_found_with_where_it_came_from(api, store, space, node):
    name, word = f"writer-{node}", uuid.uuid4().hex
    run_pod(api, name, ["netexec"], node)
    core = kubernetes.client.CoreV1Api(api)
    until(
        lambda: core.read_namespaced_pod(name, space).status.container_statuses,
        lambda statuses: statuses and statuses[0].ready,
    )
    get(api, f"/api/v1/namespaces/{space}/pods/{name}:8080/proxy/echo", msg=word)
    [line] = until(lambda: store(f'_time:10m "{word}"'))
    assert line["k8s.namespace.name"] == space
    assert line["k8s.pod.name"] == name
    assert line["k8s.container.name"] == "main"
    assert line["k8s.node.name"] == node
    assert line["label.app"] == name
    assert f"/echo?msg={word}" in line["_msg"]


def test_lines_that_belong_together_are_one(api, store, space):
    """The program's help has headings, and indented lines below each."""
    run_pod(api, "usage", ["netexec", "--help"])
    [line] = until(
        lambda: store(f'{{k8s.namespace.name="{space}",k8s.pod.name="usage"}} _msg:~"^Flags:"')
    )
    assert line["_msg"].count("\n") > 3


def test_json_is_parsed(store):
    """The store writes JSON itself."""
    [line, *_] = until(lambda: store('{k8s.pod.name="logs-0"} caller:* started | limit 1'))
    assert not line["_msg"].startswith("{")
    assert line["severity_text"] == "INFO"


@pytest.mark.parametrize("unit", ["kubelet.service", "containerd.service"])
def test_nodes_tell_what_their_services_say(store, unit):
    lines = until(
        lambda: store(f'unit:="{unit}" | stats by (k8s.node.name) count() lines'),
        lambda lines: len(lines) == len(NODES),
    )
    assert {line["k8s.node.name"] for line in lines} == set(NODES)


def test_the_host_tells_its_journal(host, store):
    word = uuid.uuid4().hex
    host.check_output(f"logger --tag slipway-test {word}")
    [line] = until(lambda: store(f'_time:10m "{word}"'))
    assert line["_HOSTNAME"] == "debian13"
    assert line["SYSLOG_IDENTIFIER"] == "slipway-test"
    assert until(lambda: store('_SYSTEMD_UNIT:="docker.service" | limit 1'))


def test_nothing_is_lost_while_the_store_is_away_and_agents_restart(api, store, space):
    each, run = 50_000, uuid.uuid4().hex[:8]
    for number, node in enumerate(NODES):
        flags = [f"--log-lines-total={each}", "--run-duration=70s"]
        run_pod(api, f"many-{run}-{number}", ["logs-generator", *flags], node)
    apps, core = kubernetes.client.AppsV1Api(api), kubernetes.client.CoreV1Api(api)
    time.sleep(10)
    apps.patch_namespaced_stateful_set_scale("logs", "logging", {"spec": {"replicas": 0}})
    time.sleep(30)
    core.delete_collection_namespaced_pod("logging", label_selector="app.kubernetes.io/name=agent")
    time.sleep(30)
    apps.patch_namespaced_stateful_set_scale("logs", "logging", {"spec": {"replicas": 1}})
    until(
        lambda: apps.read_namespaced_stateful_set("logs", "logging").status.ready_replicas,
        lambda ready: ready == 1,
    )
    for number in range(len(NODES)):
        # A line is "I1125 00:01:02.345678 1 logs_generator.go:76] NUMBER GET /api/v1/...".
        query = (
            f'{{k8s.pod.name="many-{run}-{number}"}} | extract_regexp "] (?P<number>[0-9]+) "'
            " | filter number:* | stats count() lines, count_uniq(number) numbers"
        )
        [seen] = until(
            lambda query=query: store(query),
            lambda rows: rows and int(rows[0]["numbers"]) >= each,
            patience=240,
        )
        print(f"many-{number}: {seen}")
        assert int(seen["numbers"]) == each
