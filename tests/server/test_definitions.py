"""Kinds that a task defines and uses in the same run."""

from __future__ import annotations

import base64
import threading

from support.objects import definition

ROUNDS = 10


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


def test_a_custom_resource_is_waited_for_until_it_is_ready(space, group):
    obj = {"apiVersion": f"{group}/v1", "kind": "Queue", "metadata": {"name": "orders"}}
    task = {"manifests": [definition(group, "Queue"), obj], "wait": "rolled_out"}
    space.declare(**task)
    path = f"/apis/{group}/v1/namespaces/{space.name}/queues/orders"

    def report(ready: str) -> None:
        """Report as the controller of the kind."""
        status = {"conditions": [{"type": "Ready", "status": ready, "message": "no disk"}]}
        kind = "application/merge-patch+json"
        space.server.must("PATCH", path, {"status": status}, kind)

    report("False")
    late = space.run("workload", **task, wait_timeout=3)
    assert late["failed"] and "Queue" in late["msg"] and "no disk" in late["msg"], late
    timer = threading.Timer(3, report, ("True",))
    timer.start()
    done = space.declare(**task)
    timer.join()
    assert not done["changed"] and done["waited"]["seconds"] > 0.5, done
