"""Run the scenarios of rights on the fake API server, and see which rights they use and which of them they need."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack
from urllib.parse import unquote, urlsplit

from support.kube_fake import FakeApi, Refused, broken_pod, instant_rollout
from support.module_runner import run_module
from support.rights import PATH, Right, rights_of
from support.rights_scenarios import Scenario

NOT_FOUND = {"state": {"waiting": {"reason": "ErrImagePull", "message": "not found"}}}
POD, NODE, NAMESPACE = "web-pod", "n1", "default"
# A rollout ends when the module has sent all requests that it sends before.
QUIET_SECONDS = 0.4
# Modules without the option `namespace`.
OF_CLUSTER = ("node", "cluster_info")
# Outcomes of a task without a right.
FAILS, WARNS, EXPLAINS = "the task fails", "a warning", "`reason` in the result"
NOTHING = "the result explains less"
REVISION = "deployment.kubernetes.io/revision"


class FakeWorld:
    """A cluster with one node, whose account lacks the rights in ``denied``."""

    def __init__(self, scenario: Scenario):
        self.scenario = scenario
        self.used: dict[Right, None] = {}
        self.denied: tuple[Right, ...] = ()
        self._last = time.monotonic()
        self._stack = ExitStack()
        self.api = self._stack.enter_context(FakeApi())
        self.api.put(
            "nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": NODE}, "spec": {}}
        )
        self._values = {
            "namespace": NAMESPACE,
            "new": "new",
            "node": NODE,
            "pod": POD,
            "port": 8080,
        }
        self.api.reactions += [self._roll_out, broken_pod(NOT_FOUND)]
        self._answers()

    def __enter__(self) -> FakeWorld:
        for module, options in self.scenario.before:
            result = self._run(module, options)
            assert not result.get("failed"), result["msg"]
        self.api.broken |= set(self.scenario.broken)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, denied: Iterable[Right] = ()) -> dict:
        """Run the task of the scenario without some rights; return its result."""
        self._wait_for_quiet()
        self.denied = tuple(denied)
        self.used.clear()
        self.api.faults.append(self._authorize)
        return self._run(self.scenario.module, self.scenario.options)

    def _run(self, module: str, options: dict) -> dict:
        scenario = Scenario(module, "", options)
        more = {} if module in OF_CLUSTER else {"namespace": NAMESPACE}
        if module in (
            "workload",
            "workload_scale",
            "workload_rollout",
            "node",
            "objects_patch",
            "objects_delete",
        ):
            more["wait_timeout"] = 20
        return run_module(module, host=self.api.url, **{**more, **scenario.filled(**self._values)})

    def _wait_for_quiet(self) -> None:
        """Wait until the watches of earlier tasks have ended."""
        seen = -1
        while seen != len(self.api.log):
            seen = len(self.api.log)
            time.sleep(0.1)

    def _answers(self) -> None:
        root = f"/api/v1/namespaces/{NAMESPACE}"
        self.api.answers[f"{root}/pods/{POD}/log"] = lambda: (200, b"a line\n")
        self.api.answers[f"{root}/services/web%3Atcp-80/proxy/"] = lambda: (200, b"hi")

    def _authorize(self, method: str, target: str) -> None:
        self._last = time.monotonic()
        for right in rights_of(method, target, self._is_new(target)):
            if self.scenario.module == "node":  # the pods of a node are in any namespace
                right = right._replace(scope="cluster")
            self.used[right] = None
            if right in self.denied:
                raise Refused(403, "Forbidden", denial(right))

    def _is_new(self, target: str) -> bool:
        match = PATH.fullmatch(unquote(urlsplit(target).path))
        if not match:
            return False
        place = (match["plural"], match["namespace"] or "", match["name"])
        return bool(match["name"]) and place not in self.api.objects

    def _roll_out(self, api: FakeApi, kind: str, obj: dict) -> None:
        if kind == "DELETED" or obj.get("kind") not in ("Deployment", "StatefulSet", "DaemonSet"):
            return
        status = obj.get("status") or {}
        if status.get("observedGeneration") == obj["metadata"].get("generation", 1):
            return
        threading.Thread(
            target=self._roll_out_later, args=(copy.deepcopy(obj),), daemon=True
        ).start()

    def _roll_out_later(self, obj: dict) -> None:
        while time.monotonic() - self._last < QUIET_SECONDS:
            time.sleep(0.05)
        metadata = obj["metadata"]
        plural = f"{obj['kind'].lower()}s"
        with self.api.lock:
            live = self.api.get(plural, metadata["name"], metadata["namespace"])
            if not live or live["metadata"]["resourceVersion"] != metadata["resourceVersion"]:
                return
            if obj["kind"] == "Deployment":
                self._controller(live)
                live = self.api.get(plural, metadata["name"], metadata["namespace"])
            instant_rollout(self.api, "MODIFIED", live)

    def _controller(self, deployment: dict) -> None:
        metadata, template = deployment["metadata"], deployment["spec"]["template"]
        number = str(metadata.get("generation", 1))
        labels = {**template["metadata"]["labels"], "pod-template-hash": number}
        common = {"namespace": metadata["namespace"], "labels": labels}
        owner = {
            "kind": "Deployment",
            "name": metadata["name"],
            "uid": metadata["uid"],
            "controller": True,
        }
        replica_set = self.api.put("replicasets", {
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": {**common, "name": f"{metadata['name']}-{number}", "ownerReferences": [owner],
                         "annotations": {REVISION: number}},
            "spec": {"replicas": 1, "template": {**template, "metadata": {"labels": labels}}},
        })  # fmt: skip
        owner = {"kind": "ReplicaSet", "name": replica_set["metadata"]["name"], "controller": True,
                 "uid": replica_set["metadata"]["uid"]}  # fmt: skip
        self.api.put("pods", {
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {**common, "name": POD, "ownerReferences": [owner]},
            "spec": {**template["spec"], "nodeName": NODE},
            "status": {
                "phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
                "containerStatuses": [{"name": c["name"], "image": c["image"], "ready": True,
                                       "restartCount": 0, "state": {"running": {}}}
                                      for c in template["spec"]["containers"]]},
        })  # fmt: skip
        self.api.update(
            "deployments", metadata["name"],
            lambda o: o["metadata"].setdefault("annotations", {}).update({REVISION: number}),
            metadata["namespace"],
        )  # fmt: skip


def denial(right: Right) -> str:
    """Return the text with which an API server refuses."""
    where = ' in the namespace "x"' if right.scope == "namespace" else " at the cluster scope"
    resource = f'resource "{right.resource}" in API group "{right.group}"'
    return f'{right.named} is forbidden: User "narrow" cannot {right.verb} {resource}{where}'


def succeeded(scenario: Scenario, result: dict) -> bool:
    """Return whether the task did what its account allowed it to do."""
    if scenario.fails:
        return bool((result.get("rollback") or {}).get("done"))
    return not result.get("failed")


def used_rights(scenario: Scenario) -> set[Right]:
    """Return the rights that the requests of a scenario use."""
    with FakeWorld(scenario) as world:
        result = world.run()
        assert succeeded(scenario, result), f"{scenario.name}: {result.get('msg')}"
        return {*world.used, *_waits_for_ends(scenario, world.used)}


def _waits_for_ends(scenario: Scenario, used: Iterable[Right]) -> Iterable[Right]:
    """Yield the watches for the end of what was deleted: on the fake API server, most lists find it gone."""
    for right in used if scenario.module in ("workload", "objects_delete", "node") else ():
        if right.verb == "delete" and right._replace(verb="list") in used:
            yield right._replace(verb="watch")
        if right.resource == "pods/eviction":
            yield right._replace(resource="pods", verb="watch")


def outcome_without(scenario: Scenario, right: Right) -> str:
    """Return what becomes of the task of a scenario without a right: FAILS, WARNS or NOTHING."""
    with FakeWorld(scenario) as world:
        return outcome(scenario, right, world.run([right]))


def outcome(scenario: Scenario, right: Right, result: dict) -> str:
    """Judge the result of a task whose account lacks a right."""
    if not succeeded(scenario, result):
        return FAILS
    warned = any(names(str(text), right) for text in result.get("warnings") or [])
    if names(result.get("reason", ""), right):
        return EXPLAINS
    return WARNS if warned else NOTHING


def names(text: str, right: Right) -> bool:
    """Return whether a text names the verb and the resource of a right."""
    return f'{right.verb} resource "{right.resource}"' in text
