"""Kinds that a task defines and uses in the same run."""

from __future__ import annotations

import base64
import itertools
import threading

from support.objects import definition
from support.rights_scenarios import config

ROUNDS = 10
MERGE = "application/merge-patch+json"


def test_an_object_of_a_kind_of_the_same_task_is_always_created(space, group):
    for number in range(ROUNDS):
        kind = f"Queue{number}"
        obj = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": "orders"}}
        done = space.declare(manifests=[obj, definition(group, kind)])
        assert done["counts"] == {"created": 2}, done
        again = space.declare(manifests=[obj, definition(group, kind)])
        assert not again["changed"]


def test_a_placeholder_of_certificates_does_not_prevent_a_kind(space, group):
    kind = definition(group, "Queue")
    client = {"url": "https://hook.example.com/convert", "caBundle": "Cg=="}
    webhook = {"clientConfig": client, "conversionReviewVersions": ["v1"]}
    kind["spec"]["conversion"] = {"strategy": "Webhook", "webhook": webhook}
    obj = {"apiVersion": f"{group}/v1", "kind": "Queue", "metadata": {"name": "orders"}}
    assert space.declare(manifests=[kind, obj])["counts"] == {"created": 2}
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind['metadata']['name']}"
    ca = base64.b64encode(space.server.ca.read_bytes()).decode()
    injected = [
        {"op": "add", "path": "/spec/conversion/webhook/clientConfig/caBundle", "value": ca}
    ]
    space.server.must("PATCH", path, injected, "application/json-patch+json")
    assert not space.declare(manifests=[kind, obj])["changed"]


def test_an_object_of_a_new_kind_is_deleted_at_once(space, group):
    obj = {"apiVersion": f"{group}/v1", "kind": "Queue", "metadata": {"name": "orders"}}
    # the garbage collector learns of new kinds every 30 seconds
    for _ in range(3):
        space.declare(manifests=[definition(group, "Queue"), obj], wait="applied")
        gone = space.declare(manifests=[obj], state="absent", wait_timeout=8)
        assert gone["counts"] == {"deleted": 1}
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/queues.{group}"
        space.server.must("DELETE", path)
        space.eventually(lambda path=path: space.server.request("GET", path)[0] == 404)


def test_a_custom_resource_is_waited_for_until_it_is_ready(space, group):
    obj = {"apiVersion": f"{group}/v1", "kind": "Queue", "metadata": {"name": "orders"}}
    task = {"manifests": [definition(group, "Queue"), obj], "wait": "rolled_out"}
    space.declare(**task)
    path = f"/apis/{group}/v1/namespaces/{space.name}/queues/orders"

    def report(ready: str) -> None:
        """Report as the controller of the kind."""
        status = {"conditions": [{"type": "Ready", "status": ready, "message": "no disk"}]}
        space.server.must("PATCH", path, {"status": status}, MERGE)

    report("False")
    late = space.run("workload", **task, wait_timeout=3)
    assert late["failed"] and "Queue" in late["msg"] and "no disk" in late["msg"], late
    timer = threading.Timer(3, report, ("True",))
    timer.start()
    done = space.declare(**task)
    timer.join()
    assert not done["changed"] and done["waited"]["seconds"] > 0.5, done


def test_check_mode_knows_that_a_definition_of_the_task_changes(space, group):
    def defined(*fields: str) -> dict:
        obj = definition(group, "Queue")
        parts = {name: {"type": "string"} for name in fields}
        spec = {"type": "object", "properties": parts}
        schema = {"type": "object", "properties": {"spec": spec}}
        obj["spec"]["versions"][0]["schema"] = {"openAPIV3Schema": schema}
        return obj

    def queue(name: str, **spec: str) -> dict:
        return {
            "apiVersion": f"{group}/v1",
            "kind": "Queue",
            "metadata": {"name": name},
            "spec": spec,
        }

    space.declare(manifests=[defined("a"), queue("old", a="1")], wait="applied")
    task = {"manifests": [defined("a", "b"), queue("old", a="1", b="2"), queue("new", b="2")]}
    predicted, done = (
        space.declare(**task, wait="applied", check=check) for check in (True, False)
    )
    assert predicted["counts"] == done["counts"] == {"configured": 2, "created": 1}
    changes = [[one["changes"] for one in r["objects"]] for r in (predicted, done)]
    assert changes[0] == changes[1]
    wrong = {"manifests": [defined("a", "b"), queue("old", c="1")], "wait": "applied"}
    assert space.run("workload", **wrong, check=True)["failed"]


POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic"


def test_what_a_policy_denies_as_immutable_is_replaced_on_request(space):
    match = {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"]}]}
    match["resourceRules"][0] |= {"resources": ["configmaps"], "operations": ["UPDATE"]}
    rule = {"expression": "object.data == oldObject.data", "message": "data is immutable"}
    rule["reason"] = "Forbidden"
    selector = {"matchLabels": {"kubernetes.io/metadata.name": space.name}}
    bound = {"policyName": space.name, "validationActions": ["Deny"]}
    bound["matchResources"] = {"namespaceSelector": selector}
    policy = {"failurePolicy": "Fail", "matchConstraints": match, "validations": [rule]}
    metadata = {"name": space.name}
    space.server.must("POST", f"{POLICIES}ies", {"metadata": metadata, "spec": policy})
    space.server.must("POST", f"{POLICIES}ybindings", {"metadata": metadata, "spec": bound})
    try:
        probe, path = config("probe", a="1"), f"{space.core}/configmaps/probe"
        space.declare(manifests=[probe, config("a", a="1")], wait="applied")
        numbers = itertools.count(2)

        def is_denied() -> bool:
            other = {"data": {"a": str(next(numbers))}}
            return space.server.request("PATCH", path, other, MERGE)[0] == 403

        space.eventually(is_denied)
        task = {"manifests": [config("a", a="3")], "wait": "applied"}
        refused = space.run("workload", **task)
        assert refused["failed"] and "recreate: true" in refused["msg"], refused
        assert space.declare(**task, recreate=True)["counts"] == {"recreated": 1}
    finally:
        space.server.must("DELETE", f"{POLICIES}ybindings/{space.name}")
        space.server.must("DELETE", f"{POLICIES}ies/{space.name}")
