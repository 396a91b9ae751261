"""One fault at each request of each module in turn: nothing foreign changes, and the next run converges.

For each scenario, a run without faults counts the requests. Then the scenario runs once for each request and each
fault: the server refuses it (409, 429, 500, 403), does not receive it, answers late, or carries it out and loses the
answer or the second half of it.
Afterwards, `changed` must be true exactly if the objects differ, objects of others must be as before, and a run without
faults must lead to the same state.
"""

from __future__ import annotations

import copy
import json
import re
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import retry
from support.kube_fake import FakeApi, Refused, broken_pod, instant_rollout, replica_set
from support.module_runner import run_module
from support.rights_scenarios import selecting

APP = {"name": "web", "image": "web:1", "ports": ["80:8080"], "replicas": 2, "config": {"a": "1"}}
AUTOSCALED = {
    **{name: value for name, value in APP.items() if name != "replicas"},
    "autoscale": {"min": 1, "max": 3, "cpu": 80},
    "resources": {"requests": {"cpu": "10m"}},
}
WIDGET = {"api_version": "example.com/v1", "kind": "Widget", "name": "w"}
WEB = {"kind": "Deployment", "name": "web"}
APPEND = {
    "op": "add",
    "path": "/spec/template/spec/containers/0/ports/-",
    "value": {"containerPort": 9},
}
SET = {"applyset": "shop", "prune": True, "wait": "applied"}


def config(name: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"a": "1"}}


def first(**options):
    return lambda api: declare(api, **options)


def declare(api, **options):
    return run_module("workload", host=api.url, wait_timeout=4, **options)


def chart(version: str, *objects: dict) -> dict:
    """Return the options of a task whose chart was rendered to some objects, and a hook for each operation."""
    hook = config(f"hook-{version}")
    hook["metadata"]["annotations"] = {"helm.sh/hook": "pre-install,pre-upgrade"}
    texts = [json.dumps(one) for one in (hook, *objects)]
    release = {
        "release": "shop",
        "chart": "shop",
        "version": version,
        "digest": version,
        "mode": "install" if version == "1" else "upgrade",
        "adopt": False,
        "definitions": [],
        "templates": [{"text": one, "source": f"{n}.yaml"} for n, one in enumerate(texts)],
    }
    return {"manifests": [{"helm": release}], **SET, "applyset": "release.shop"}


def widget(api):
    """A custom resource that can be scaled."""
    metadata = {"name": "w", "namespace": "default"}
    kind = {"apiVersion": "example.com/v1", "kind": "Widget"}
    return api.put("widgets", {**kind, "metadata": metadata, "spec": {"replicas": 2}})


def two_revisions(api):
    """A Deployment with the revisions that its controller keeps."""
    result = declare(api, **APP, wait="applied")
    web = api.get("deployments", "web")
    for number in (1, 2):
        api.put("replicasets", replica_set(f"web:{number}", number, web))
    annotations = {"deployment.kubernetes.io/revision": "2"}
    api.update("deployments", "web", lambda obj: obj["metadata"].update(annotations=annotations))
    return result


def node_with_pods(api):
    """A node with pods of a controller, and a pod of another node."""
    owner = {"kind": "ReplicaSet", "uid": "r", "name": "r", "controller": True}
    for name, node in (("a", "n1"), ("b", "n1"), ("foreign", "n2")):
        metadata = {"name": name, "namespace": "default", "ownerReferences": [owner]}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"nodeName": node}}
        api.put("pods", pod)
    for name in ("n1", "foreign"):
        metadata = {"name": name, "labels": {"zone": "a"}}
        api.put("nodes", {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": {}})
    return {}


def cron_job(api):
    app = {"name": "backup", "image": "b:1", "kind": "CronJob", "schedule": "0 0 * * *"}
    return declare(api, **app, wait="applied")


def of_another_manager(api):
    return declare(api, **{**APP, "image": "web:0"}, field_manager="ci", wait="applied")


BROKEN = {"state": {"waiting": {"reason": "ErrImagePull", "message": "bad:1: not found"}}}
BAD = {**APP, "image": "bad:1", "wait": "rolled_out", "wait_timeout": 10, "fail_after": {"pull": 0}}
RESOURCES = {"resources": {"requests": {"cpu": "10m"}}}
# Name, what exists before, the module, and its options.
SCENARIOS = {
    "create": (None, "workload", {**APP, "wait": "rolled_out"}),
    "update": (first(**APP, wait="applied"), "workload", {**APP, "image": "web:2", "wait": "rolled_out"}),
    "stages": (
        first(**APP, wait="applied"), "workload",
        {"apps": [{**APP, "image": "web:2", "after": ["db"]}, {"name": "db", "image": "db:1"}], "wait": "rolled_out"},
    ),
    "drop": (first(**AUTOSCALED, wait="applied"), "workload", {**APP, "config": None, "wait": "rolled_out"}),
    "leave replicas": (first(**APP, wait="applied"), "workload", {**APP, "replicas": None, "wait": "applied"}),
    "remove": (first(**APP, wait="applied"), "workload", {"name": "web", "state": "absent"}),
    "prune": (
        first(manifests=[config("one"), config("two")], **SET),
        "workload",
        {"manifests": [config("one")], **SET},
    ),
    "chart": (None, "workload", chart("1", config("one"), config("two"))),
    "chart upgrade": (
        first(**chart("1", config("one"), config("two"))), "workload", chart("2", config("two"), config("three")),
    ),
    "scale": (
        first(**APP, wait="applied"), "workload_scale", {"name": "web", "replicas": 5, "wait_timeout": 4},
    ),
    "scale by": (
        first(**APP, wait="applied"), "workload_scale", {"name": "web", "replicas": "+2", "wait_timeout": 4},
    ),
    "scale custom": (widget, "workload_scale", {**WIDGET, "replicas": 5, "wait": False}),
    "scale custom by": (widget, "workload_scale", {**WIDGET, "replicas": "+2", "wait": False}),
    "patch": (first(**APP, wait="applied"), "objects_patch", {**WEB, "patch": {"spec": {"minReadySeconds": 5}}}),
    "patch append": (first(**APP, wait="applied"), "objects_patch", {**WEB, "patch": [APPEND]}),
    "delete": (
        first(manifests=[config("one"), config("two")], wait="applied"), "objects_delete",
        {"kind": "ConfigMap", "names": ["one", "two"], "wait_timeout": 4},
    ),
    "create once": (None, "object_create", {"definition": config("one")}),
    "from cron job": (cron_job, "object_create", {"from_cron_job": "backup", "name": "manual"}),
    "recreate": (
        first(manifests=[selecting("a")], wait="applied"), "workload",
        {"manifests": [selecting("b")], "recreate": True, "wait": "applied"},
    ),
    "force": (of_another_manager, "workload", {**APP, "force": True, "wait": "applied"}),
    "rollback": (first(**APP, wait="applied"), "workload", {**BAD, "on_failure": "rollback"}),
    "restarted": (first(**APP, wait="applied"), "workload", {**APP, "state": "restarted", "wait": "rolled_out"}),
    "restart": (first(**APP, wait="applied"), "workload_rollout", {**WEB, "action": "restart", "wait_timeout": 4}),
    "undo": (two_revisions, "workload_rollout", {**WEB, "action": "undo", "to_revision": 1, "wait_timeout": 4}),
    "taint": (node_with_pods, "node", {"name": "n1", "taints": [{"key": "a", "effect": "NoSchedule"}]}),
    "drain": (node_with_pods, "node", {"name": "n1", "state": "drained", "wait_timeout": 4}),
    "autoscale": (
        first(**{**APP, **RESOURCES, "replicas": None}, wait="applied"), "workload_scale",
        {"name": "web", "autoscale": {"min": 1, "max": 3, "cpu": 80}, "wait_timeout": 4},
    ),
    "create namespace": (
        None, "workload", {**APP, "namespace": "shop", "create_namespace": True, "wait": "applied"},
    ),
}  # fmt: skip
# Another run has another effect, so it need not lead to the same state.
NOT_REPEATABLE = ("scale by", "scale custom by", "patch append", "create once", "from cron job")
# The task fails. It has changed objects even if all of them are restored.
FAILING = ("rollback",)
FAULTS = ("409", "429", "500", "403", "not received", "late", "answer lost", "answer cut")
LATE_SECONDS = 0.1


HIDDEN = ("pods", "events", "replicasets", "endpointslices", "secrets")


class Server:
    """An API server with objects of others, and a fault at one request."""

    def __init__(self, prepare):
        self.api = FakeApi()
        self.api.__enter__()
        self.api.broken.add("bad:1")
        self.api.reactions += [instant_rollout, broken_pod(BROKEN)]
        if prepare:
            assert not prepare(self.api).get("failed")
        labels = {"app.kubernetes.io/name": "web"}
        for plural, kind in (
            ("configmaps", "ConfigMap"),
            ("persistentvolumeclaims", "PersistentVolumeClaim"),
        ):
            metadata = {"name": "foreign", "namespace": "default", "labels": labels}
            self.api.put(plural, {"apiVersion": "v1", "kind": kind, "metadata": metadata})
        self.foreign = self._state(foreign=True)
        self.before = self._state()
        self.api.log.clear()

    def run(self, module: str, options: dict) -> dict:
        return run_module(module, host=self.api.url, **copy.deepcopy(options))

    def break_request(self, number: int, fault: str) -> None:
        """Let one request fail: the ``number``-th of the run."""
        seen = [0]

        def count(method, path) -> bool:
            seen[0] += 1
            return seen[0] == number

        def refuse(method, path):
            if not count(method, path):
                return
            if fault == "not received":
                raise ConnectionAbortedError
            if fault == "late":
                time.sleep(LATE_SECONDS)
                return
            raise Refused(int(fault), "Fault", f"injected {fault}")

        def lose(method, path):
            if count(method, path):
                raise ConnectionAbortedError

        if fault == "answer lost":
            self.api.losses.append(lose)
        elif fault == "answer cut":
            self.api.cuts.append(count)
        else:
            self.api.faults.append(refuse)

    def mend(self) -> None:
        self.api.faults.clear()
        self.api.losses.clear()
        self.api.cuts.clear()

    def state(self) -> str:
        return self._state()

    def unharmed(self) -> bool:
        return self._state(foreign=True) == self.foreign

    def close(self) -> None:
        self.api.__exit__(None, None, None)

    def _state(self, foreign: bool = False) -> str:
        """Return the declared parts of all objects, or of those of others, as comparable text."""
        with self.api.lock:
            objects = {
                str(place): {
                    "labels": obj["metadata"].get("labels"),
                    "spec": obj.get("spec"),
                    "data": obj.get("data"),
                }
                for place, obj in self.api.objects.items()
                if (place[0] not in HIDDEN or foreign) and ("foreign" in place) == foreign
            }
        text = json.dumps(objects, sort_keys=True, default=str)
        return re.sub(r'("kubectl.kubernetes.io/restartedAt": )"[^"]*"', r"\1true", text)


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(retry, "INITIAL_BACKOFF", 0.005)


@pytest.fixture(scope="module")
def runs(request):
    """Prints how many runs with a fault each scenario had."""
    counted: dict[str, int] = {}
    yield counted
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\nruns with one fault: {sum(counted.values())} {counted}")


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_one_fault(runs, name, fault):
    prepare, module, options = SCENARIOS[name]
    clean = Server(prepare)
    assert bool(clean.run(module, options).get("failed")) == (name in FAILING)
    requests, reference = len(clean.api.log), clean.state()
    clean.close()
    runs[name] = runs.get(name, 0) + requests
    for number in range(1, requests + 1):
        server = Server(prepare)
        try:
            server.break_request(number, fault)
            result = server.run(module, options)
            where = (
                f"{fault} at request {number}: {server.api.log[:number][-1]}: {result.get('msg')}"
            )
            after = server.state()
            assert server.unharmed(), where
            if name in FAILING:
                bad = server.before.replace("web:1", "bad:1")
                assert result["failed"] and after in (server.before, bad), where
                # kept only with the reason
                assert after == server.before or "on_failure: rollback: " in result["msg"], where
                continue
            if name != "leave replicas":  # changes owners only
                assert result["changed"] == (after != server.before), where
            server.mend()
            if name in NOT_REPEATABLE:
                assert after in (server.before, reference), where
                assert result.get("failed") or after == reference, where
                continue
            again = server.run(module, options)
            assert not again.get("failed"), where
            assert server.state() == reference, where
            assert server.unharmed(), where
        finally:
            server.close()
