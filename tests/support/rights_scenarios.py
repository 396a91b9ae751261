"""Tasks of each module that reads or changes a cluster: together they send every kind of request.

The page of rights is generated from what they send, and an account with exactly these rights runs them on a real API
server. A task that `adds_to` another needs its rights too.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

APP = {"name": "web", "image": "web:1", "replicas": 1}
SERVED = {**APP, "ports": ["80:{port}"], "serve": {"scheme": "http"}}
SCALED = {
    "name": "web",
    "image": "web:1",
    "resources": {"requests": {"cpu": "10m"}},
    "autoscale": {"min": 1, "max": 3, "cpu": 80},
}
CRON = {"name": "backup", "image": "web:1", "kind": "CronJob", "schedule": "0 0 * * *"}
KEPT = {"name": "web", "image": "web:1", "kind": "StatefulSet", "ports": ["80:8080"]}
DONE = {"wait": "applied"}
UP = {"wait": "rolled_out"}
DECLARED = ("workload", {**APP, **UP})
SET = {"applyset": "shop", "wait": "applied"}


def config(name: str, **data: str) -> dict:
    """Return a ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def with_label(obj: dict) -> dict:
    """Return an object with a label to select it by."""
    return {**obj, "metadata": {**obj["metadata"], "labels": {"made": "here"}}}


def selecting(label: str) -> dict:
    """Return a Deployment whose selector cannot be changed later."""
    labels = {"app": label}
    pod = {"containers": [{"name": "web", "image": "web:1"}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


def chart(*objects: dict) -> dict:
    """Return the options of a task with a chart, as the action plugin rendered it."""
    texts = [{"text": json.dumps(one), "source": f"{n}.yaml"} for n, one in enumerate(objects)]
    about = {"release": "shop", "chart": "shop", "version": "1", "digest": "1", "mode": "install"}
    helm = {**about, "adopt": False, "definitions": [], "templates": texts}
    return {"manifests": [{"helm": helm}], "applyset": "release.shop", "prune": True, **DONE}


def hook(event: str) -> dict:
    """Return a hook of a chart, which is a ConfigMap."""
    obj = config("hook", k="1")
    obj["metadata"]["annotations"] = {"helm.sh/hook": event}
    return obj


MADE = ("workload", {"manifests": [with_label(config("a", k="1"))], **DONE})


@dataclass(frozen=True, eq=False)
class Scenario:
    """A task, and what exists before it.

    Args:
        module: The module.
        name: What the task does, as the page shows it.
        options: Options of the task. ``{namespace}``, ``{new}``, ``{node}`` and ``{port}`` are those of the test.
        before: Tasks that an administrator runs first: module and options.
        adds_to: Other tasks of the module whose rights this one needs too.
        ends_at_kubelet: Whether a real API server without nodes cannot carry it out.
        fails: Whether the task fails in the end, after it has used its rights.
    """

    module: str
    name: str
    options: dict[str, Any]
    before: tuple[tuple[str, dict], ...] = ()
    adds_to: tuple[str, ...] = ()
    ends_at_kubelet: bool = False
    fails: bool = False
    broken: tuple[str, ...] = field(default=())

    def filled(self, **values: object) -> dict:
        """Return the options with the values of a test."""
        return fill(self.options, values)


def fill(value: Any, values: dict[str, object]) -> Any:
    """Return options with the values of a test in place of their names."""
    if isinstance(value, dict):
        return {name: fill(part, values) for name, part in value.items()}
    if isinstance(value, list):
        return [fill(part, values) for part in value]
    if isinstance(value, str) and "{" in value:
        for name, text in values.items():
            value = value.replace(f"{{{name}}}", str(text))
    return copy.copy(value)


DECLARE = "declares a Deployment (other kinds: the same verbs), `wait: applied`"
CHANGE = "declares it again"
PORTS, ROLLED_OUT = "`ports`", "`wait: rolled_out`"
DELETE = "`state: absent`"
CHART = "a chart (here of a ConfigMap)"
SCALE = "scales, `wait: false`"
SCENARIOS = (
    Scenario("workload", DECLARE, {**APP, **DONE}),
    Scenario(
        "workload", CHANGE, {**APP, "image": "web:2", **DONE},
        (DECLARED,), adds_to=(DECLARE,),
    ),
    Scenario(
        "workload", "an option is no longer declared (`config`)", {**APP, **DONE},
        (("workload", {**APP, "config": {"a": "1"}, **DONE}),), adds_to=(CHANGE,),
    ),
    Scenario("workload", "`config`", {**APP, "config": {"a": "1"}, **DONE}, adds_to=(DECLARE,)),
    Scenario("workload", "`secrets`", {**APP, "secrets": {"A": "one"}, **DONE}, adds_to=(DECLARE,)),
    Scenario("workload", PORTS, {**APP, "ports": ["80:8080"], **DONE}, adds_to=(DECLARE,)),
    Scenario(
        "workload", "`volumes`",
        {**APP, "volumes": [{"name": "data", "mount": "/data", "size": "1Gi"}], **DONE},
        adds_to=(DECLARE,),
    ),
    Scenario("workload", "`autoscale`", {**SCALED, **DONE}, adds_to=(DECLARE,)),
    Scenario("workload", ROLLED_OUT, {**APP, **UP}, adds_to=(DECLARE,)),
    Scenario("workload", "`wait: serving` (with `ports`)", SERVED, adds_to=(PORTS, ROLLED_OUT)),
    Scenario(
        "workload", "`wait_for` (here of a Deployment)",
        {
            **APP, **DONE,
            "wait_for": [{"kind": "Deployment", "name": "web", "path": ".status.readyReplicas"}],
        },
        adds_to=(DECLARE,),
    ),
    Scenario("workload", "`state: restarted`", {**APP, "state": "restarted", **DONE}, (DECLARED,), adds_to=(CHANGE,)),
    Scenario(
        "workload", "`create_namespace`",
        {**APP, **DONE, "namespace": "{new}", "create_namespace": True}, adds_to=(DECLARE,),
    ),
    Scenario("workload", "`applyset`", {**APP, **SET}, adds_to=(DECLARE,)),
    Scenario(
        "workload", "`prune` (here a ConfigMap)", {"manifests": [config("a", k="1")], **SET, "prune": True},
        (("workload", {"manifests": [config("a", k="1"), config("b", k="1")], **SET}),),
        adds_to=("`applyset`",),
    ),
    Scenario(
        "workload", "`recreate`", {"manifests": [selecting("b")], "recreate": True, **DONE},
        (("workload", {"manifests": [selecting("a")], **DONE}),), adds_to=(DECLARE,),
    ),
    Scenario(
        "workload", "`on_failure: rollback` of a change",
        {**APP, "image": "bad:1", **UP, "on_failure": "rollback", "fail_after": {"pull": 1}},
        (DECLARED,), adds_to=(CHANGE, ROLLED_OUT), fails=True, broken=("bad:1",),
    ),
    Scenario("workload", DELETE, {"name": "web", "state": "absent"}, (DECLARED,)),
    Scenario(
        "workload", "`state: absent` with `remove_data`", {"name": "web", "state": "absent", "remove_data": True},
        (("workload", {**APP, "volumes": [{"name": "d", "mount": "/d", "size": "1Gi"}], **DONE}),), adds_to=(DELETE,),
    ),
    Scenario("workload", CHART, chart(config("a", k="1"))),
    Scenario("workload", "hooks of a chart (here a ConfigMap)", chart(hook("pre-install")), adds_to=(CHART,)),
    Scenario(
        "workload", "`state: absent` of a chart (here of a ConfigMap)",
        {"manifests": [{"helm": {"release": "shop"}}], "applyset": "release.shop", "state": "absent"},
        (("workload", chart(config("a", k="1"))),),
    ),
    Scenario("workload_scale", SCALE, {"name": "web", "replicas": 2, "wait": False}, (DECLARED,)),
    Scenario("workload_scale", "`wait`", {"name": "web", "replicas": 2}, (DECLARED,), adds_to=(SCALE,)),
    Scenario(
        "workload_scale", "`selector` with `kind`",
        {"selector": "app.kubernetes.io/name=web", "kind": "Deployment", "replicas": 2, "wait": False},
        (DECLARED,), adds_to=(SCALE,),
    ),
    Scenario(
        "workload_scale", "`autoscale`", {"name": "web", "autoscale": {"min": 1, "max": 3, "cpu": 80}},
        (("workload", {**APP, "resources": {"requests": {"cpu": "10m"}}, **UP}),),
    ),
    Scenario(
        "workload_rollout", "`action: history` or `status` of a Deployment",
        {"name": "web", "kind": "Deployment", "action": "history"}, (DECLARED,),
    ),
    Scenario(
        "workload_rollout", "`action: restart`", {"name": "web", "kind": "Deployment", "action": "restart"},
        (DECLARED,), adds_to=("`action: history` or `status` of a Deployment",),
    ),
    Scenario(
        "workload_rollout", "`action: undo`", {"name": "web", "kind": "Deployment", "action": "undo"},
        (DECLARED, ("workload", {**APP, "image": "web:2", **UP})),
        adds_to=("`action: history` or `status` of a Deployment",),
    ),
    Scenario(
        "workload_rollout", "`action: pause` or `resume`", {"name": "web", "kind": "Deployment", "action": "pause"},
        (DECLARED,), adds_to=("`action: history` or `status` of a Deployment",),
    ),
    Scenario(
        "workload_rollout", "`action: history` of a StatefulSet",
        {"name": "web", "kind": "StatefulSet", "action": "history"}, (("workload", {**KEPT, **UP}),),
    ),
    Scenario("workload_info", "`kind: Deployment`", {"name": "web", "kind": "Deployment", "log_lines": 5}, (DECLARED,)),
    Scenario("workload_exec", "`pod`", {"pod": "{pod}", "argv": ["true"]}, (DECLARED,), ends_at_kubelet=True),
    Scenario(
        "workload_exec", "`name` with `kind: Deployment`", {"name": "web", "kind": "Deployment", "argv": ["true"]},
        (DECLARED,), ends_at_kubelet=True,
    ),
    Scenario("workload_logs", "`pod`", {"pod": "{pod}"}, (DECLARED,)),
    Scenario(
        "workload_logs", "`name` with `kind: Deployment`", {"name": "web", "kind": "Deployment"}, (DECLARED,),
    ),
    Scenario(
        "objects_info", "`name` (here a ConfigMap)", {"kind": "ConfigMap", "name": "a"}, (MADE,),
    ),
    Scenario("objects_info", "without `name`", {"kind": "ConfigMap"}),
    Scenario("objects_info", "`all_namespaces`", {"kind": "ConfigMap", "all_namespaces": True}),
    Scenario(
        "objects_patch", "`name` (here a ConfigMap)", {"kind": "ConfigMap", "name": "a", "patch": {"data": {"k": "2"}}},
        (MADE,),
    ),
    Scenario(
        "objects_patch", "`subresource: scale` (here a Deployment)",
        {"kind": "Deployment", "name": "web", "patch": {"spec": {"replicas": 2}}, "subresource": "scale"}, (DECLARED,),
    ),
    Scenario(
        "objects_patch", "`label_selector`",
        {"kind": "ConfigMap", "label_selector": "made=here", "patch": {"data": {"k": "2"}}}, (MADE,),
    ),
    Scenario("objects_delete", "`name` (here a ConfigMap)", {"kind": "ConfigMap", "name": "a"}, (MADE,)),
    Scenario("objects_delete", "`label_selector`", {"kind": "ConfigMap", "label_selector": "made=here"}, (MADE,)),
    Scenario(
        "object_create", "`definition` (here a ConfigMap)",
        {"definition": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "a-"}}},
    ),
    Scenario("object_create", "`from_cron_job`", {"from_cron_job": "backup"}, (("workload", {**CRON, **DONE}),)),
    Scenario("access_info", "`checks`", {"checks": [{"verb": "list", "resource": "pods"}]}),
    Scenario("release_info", "versions of the cluster, and the release", {"name": "shop"}),
    Scenario("node", "labels, taints, `state: cordoned`", {"name": "{node}", "state": "cordoned"}),
    Scenario(
        "node", "`state: drained`", {"name": "{node}", "state": "drained"}, (DECLARED,),
        adds_to=("labels, taints, `state: cordoned`",),
    ),
    Scenario("cluster_info", "version and nodes", {}),
    Scenario("cluster_info", "`workloads`", {"workloads": True}, adds_to=("version and nodes",)),
    Scenario(
        "workload_disturb", "deletes pods",
        {"selector": "app.kubernetes.io/name=web", "seconds": 1, "pause": 1, "leave": 0, "seed": 1}, (DECLARED,),
    ),
)  # fmt: skip
