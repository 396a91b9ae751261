"""Tests of ``kube.apply.prerequisites``."""

from __future__ import annotations

import threading

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.prerequisites import (
    Prerequisites,
    wait_until_established,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of

NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
WEB = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "namespace": "shop"}}
THING = {
    "apiVersion": "example.com/v1",
    "kind": "Thing",
    "metadata": {"name": "x", "namespace": "shop"},
}
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "things.example.com"},
    "spec": {"group": "example.com", "versions": [{"name": "v1"}]},
}
MISSING = ApiError(404, {"message": "not found"}, "PATCH", "/x")


def test_a_namespace_of_the_same_task_explains_a_refusal(discovery):
    assert Prerequisites([NAMESPACE, WEB], discovery).explain(MISSING, ref_of(WEB))
    assert not Prerequisites([WEB], discovery).explain(MISSING, ref_of(WEB))
    forbidden = ApiError(403, {}, "PATCH", "/x")
    assert not Prerequisites([NAMESPACE, WEB], discovery).explain(forbidden, ref_of(WEB))


def test_a_definition_of_the_same_task_explains_an_unknown_kind(discovery):
    unknown = KubeError("unknown kind")
    assert Prerequisites([DEFINITION, THING], discovery).explain(unknown, ref_of(THING))
    assert not Prerequisites([THING], discovery).explain(unknown, ref_of(THING))
    assert not Prerequisites([DEFINITION, THING, WEB], discovery).explain(unknown, ref_of(WEB))


def test_a_new_definition_is_awaited_and_discovered_again(api, client, discovery):
    stored = api.put("customresourcedefinitions", DEFINITION)
    forgotten = []
    discovery.forget = forgotten.append

    def establish():
        def change(obj):
            obj["status"] = {"conditions": [{"type": "Established", "status": "True"}]}

        api.update("customresourcedefinitions", "things.example.com", change, "")

    timer = threading.Timer(0.2, establish)
    timer.start()
    change = ObjectChange(ref_of(DEFINITION), "created", None, stored)
    wait_until_established(client, discovery, Deadline(5), [change])
    timer.join()
    assert forgotten == ["example.com/v1"]
