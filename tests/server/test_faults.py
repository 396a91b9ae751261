"""One fault at each request to a real API server, or the end of the module's process: the next run converges.

A run without faults counts the requests. Then a task runs once for each of them in a namespace of its own.
Afterwards, `changed` must be true exactly if objects differ, objects of others must be untouched, and a run without
faults must lead to the same state.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import retry
from support.objects import claim_of, database
from support.real_proxy import NOT_RECEIVED, RealProxy, answer_lost
from support.rights_scenarios import selecting

# without pods, which would only cost time
APP = {"name": "web", "image": "web:1", "ports": ["80:8080"], "replicas": 0, "config": {"a": "1"}}
SET = {"applyset": "shop", "prune": True}


def config(name: str, text: str = "1") -> dict:
    metadata = {"name": name}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": text}}


def without_pods(label: str) -> dict:
    """Return a Deployment whose selector cannot be changed later."""
    obj = selecting(label)
    return {**obj, "spec": {**obj["spec"], "replicas": 0}}


def stateful_set(size: str) -> dict:
    """Return a StatefulSet without pods and with a template of claims."""
    obj = database(data=size)
    del obj["metadata"]["namespace"]
    return {**obj, "spec": {**obj["spec"], "replicas": 0}}


# Name, what was declared before, and the task.
SCENARIOS = {
    "update": (APP, {**APP, "image": "web:2", "config": {"b": "2"}, "replicas": None}),
    "prune": (
        {"manifests": [config("one"), config("two")], **SET},
        {"manifests": [config("one", "2")], **SET},
    ),
    "recreate": (
        {"manifests": [without_pods("a")]},
        {"manifests": [without_pods("b")], "recreate": True},
    ),
    "grow": (
        {"manifests": [stateful_set("1Gi")]},
        {"manifests": [stateful_set("2Gi")], "recreate": True},
    ),
    "absent": (APP, {"name": "web", "state": "absent"}),
}
FAULTS = {
    "not received": NOT_RECEIVED,
    "answer lost": answer_lost,
}
FOREIGN = {"app.kubernetes.io/name": "web", "app": "web"}
# A process of the module, which can be killed.
PROGRAM = """
import json, sys
from support.module_runner import run_module
run_module("workload", **json.load(sys.stdin))
"""


def declared(obj: dict) -> dict:
    """Return the declared parts of an object that are the same in each namespace."""
    spec = {k: v for k, v in obj.get("spec", {}).items() if not k.startswith("cluster")}
    # ids of sets and hashes contain the name of the namespace
    labels = obj["metadata"].get("labels") or {}
    labels = {k: v for k, v in labels.items() if not k.startswith("applyset")}
    spec.pop("volumeName", None)
    spec.get("template", {}).get("metadata", {}).pop("annotations", None)
    return {"labels": labels, "spec": spec, "data": obj.get("data")}


class World:
    """A namespace with objects of others and of an earlier task, and a proxy to break requests."""

    def __init__(self, space, proxy, name):
        self.space, self.proxy = space, proxy
        earlier, self.task = SCENARIOS[name]
        proxy.fault = lambda *_: None
        assert self.run(earlier)["changed"]
        if name == "grow":
            self._bind_claim()
        for plural in ("configmaps", "secrets"):
            metadata = {"name": "foreign", "labels": FOREIGN}
            space.server.must("POST", f"{space.core}/{plural}", {"metadata": metadata})
        self.foreign = self._foreign()
        self.before = self.state()
        proxy.seen.clear()

    def options(self, task: dict) -> dict:
        place = {"host": self.proxy.url, "namespace": self.space.name}
        return {**place, "wait": "applied", "wait_timeout": 60, **task}

    def run(self, task: dict | None = None) -> dict:
        options = self.options(task or self.task)
        return self.space.run("workload", **options, client_cert=None, client_key=None)

    def start(self) -> subprocess.Popen:
        """Run the task in a process of its own."""
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            text=True,
        )
        json.dump(self.options(self.task), process.stdin)
        process.stdin.close()
        return process

    def break_request(self, number: int, fault) -> None:
        self.proxy.fault = lambda method, path, seen: fault if seen == number else None

    def mend(self) -> None:
        self.proxy.fault = lambda *_: None

    def state(self) -> dict:
        """Return what is declared in the namespace, and not by others."""
        found = {}
        core, apps = self.space.core, self.space.apps
        paths = [
            f"{core}/{plural}" for plural in ("configmaps", "services", "persistentvolumeclaims")
        ]
        for path in (*paths, f"{apps}/deployments", f"{apps}/statefulsets"):
            for obj in self.space.server.must("GET", path)["items"]:
                kind, name = path.rpartition("/")[2], obj["metadata"]["name"]
                if name not in ("foreign", "kube-root-ca.crt"):
                    found[f"{kind}/{name}"] = declared(obj)
        return found

    def _bind_claim(self) -> None:
        """Create the claim of the StatefulSet, with a volume."""
        server, name = self.space.server, "data-db-0"
        claim = claim_of("db", name, volume=self.space.name, namespace=self.space.name)
        path = f"{self.space.core}/persistentvolumeclaims"
        uid = server.must("POST", path, claim)["metadata"]["uid"]
        spec = {
            "storageClassName": claim["spec"]["storageClassName"],
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "hostPath": {"path": "/data"},
            "claimRef": {"namespace": self.space.name, "name": name, "uid": uid},
        }
        body = {"metadata": {"name": self.space.name}, "spec": spec}
        server.must("POST", "/api/v1/persistentvolumes", body)
        self.space.eventually(
            lambda: server.must("GET", f"{path}/{name}")["status"]["phase"] == "Bound"
        )

    def unharmed(self) -> bool:
        return self._foreign() == self.foreign

    def _foreign(self) -> list[tuple[str, str]]:
        objects = [
            self.space.server.must("GET", f"{self.space.core}/{plural}/foreign")["metadata"]
            for plural in ("configmaps", "secrets")
        ]
        return [(one["uid"], one["resourceVersion"]) for one in objects]


@pytest.fixture(scope="module", autouse=True)
def storage(server):
    """The StorageClass of the claims, whose volumes can grow."""
    body = {"metadata": {"name": "fast"}, "provisioner": "example.com/none"}
    path = "/apis/storage.k8s.io/v1/storageclasses"
    server.must("POST", path, {**body, "allowVolumeExpansion": True})
    yield
    server.must("DELETE", f"{path}/fast")


@pytest.fixture
def world(new_space, server, monkeypatch):
    """Makes worlds, and returns the number of requests of a run without faults, and its outcome."""
    monkeypatch.setattr(retry, "INITIAL_BACKOFF", 0.01)
    with RealProxy(server) as proxy:
        yield lambda name: World(new_space(), proxy, name)


def clean_run(world, name: str) -> tuple[int, dict]:
    clean = world(name)
    result = clean.run()
    assert not result.get("failed"), result["msg"]
    assert clean.state() != clean.before
    return len(clean.proxy.seen), clean.state()


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_one_fault_on_a_real_server(world, name, fault):
    requests, reference = clean_run(world, name)
    for number in range(1, requests + 1):
        one = world(name)
        one.break_request(number, FAULTS[fault])
        result = one.run()
        broken = one.proxy.seen[number - 1][1:] if len(one.proxy.seen) >= number else "none"
        where = f"{fault} at request {number}, {broken}: {result.get('msg')}"
        after = one.state()
        assert one.unharmed(), where
        assert result["changed"] == (after != one.before), where
        one.mend()
        again = one.run()
        assert not again.get("failed"), f"{where}; then {again.get('msg')}"
        assert one.state() == reference, where
        assert one.unharmed(), where


@pytest.mark.long
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_process_that_is_killed_after_a_request_leaves_work_for_the_next_run(world, name):
    requests, reference = clean_run(world, name)
    killed = 0
    for number in range(1, requests + 1):
        one = world(name)
        process = one.start()
        one.break_request(number, process.kill)
        killed += process.wait(120) == -9
        where = f"killed after request {number}"
        assert one.unharmed(), where
        one.mend()
        again = one.run()
        assert not again.get("failed"), f"{where}: {again.get('msg')}"
        assert one.state() == reference, where
        assert one.unharmed(), where
    assert killed >= requests - 1, "a run may send a request less"
