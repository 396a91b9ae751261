"""The API server is killed while a task is under way: it comes back, and the task ends as if nothing had been."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from support.on_cluster import APP, good

pytestmark = pytest.mark.long


@pytest.fixture
def api_server(kubeconfig, client):
    """Kills the API server of the lab's control plane, whose kubelet starts it again."""
    host = f"slipway-{Path(kubeconfig).parent.name}-lab1"

    def in_node(*command):
        line = ["docker", "exec", host, "docker", "exec", "minikube", *command]
        return subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip()

    before = in_node("pgrep", "-x", "kube-apiserver")
    assert before, "no API server is found in the lab"
    yield lambda: in_node("pkill", "-KILL", "-x", "kube-apiserver")
    until = time.monotonic() + 120
    while not ready(client):
        assert time.monotonic() < until, "the API server did not come back"
        time.sleep(1)
    assert in_node("pgrep", "-x", "kube-apiserver") != before, "it was never away"


def ready(client):
    try:
        return client.raw("GET", "/readyz", 5).read() == b"ok"
    except KubeError:
        return False


def killed_when(condition, kill):
    """Kill in the background as soon as the condition holds."""

    def watch():
        while True:
            try:
                if condition():
                    break
            except KubeError:
                pass
            time.sleep(0.02)
        kill()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_api_server_is_killed_during_apply(run, client, api_server):
    apps = [{**APP, "name": f"app{number}", "replicas": 0} for number in range(200)]
    path = f"/apis/apps/v1/namespaces/{run.namespace}/deployments"
    killer = killed_when(lambda: client.get(path, limit=1)["items"], api_server)
    first = good(run("workload", apps=apps, wait="applied", wait_timeout=180))
    killer.join()
    assert sum(first["counts"].values()) == 400
    again = good(run("workload", apps=apps, wait="applied"))
    assert again["counts"] == {"unchanged": 400} and again["writes"] == 0
    generations = {item["metadata"]["generation"] for item in client.list_all(path)[0]}
    assert generations == {1}, "nothing was done twice"


def test_api_server_is_killed_during_the_wait(run, client, api_server):
    slow = {**APP, "probes": {"readiness": {"http": "/healthz", "delay": 10, "period": 1}}}
    path = f"/api/v1/namespaces/{run.namespace}/pods"
    killer = killed_when(
        lambda: any(p["status"]["phase"] == "Running" for p in client.get(path)["items"]),
        api_server,
    )
    result = good(run("workload", **slow, name="web", replicas=2, wait_timeout=240))
    killer.join()
    assert "answered 200" in result["apps"][0]["answers"][0]
