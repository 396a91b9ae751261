"""Tests of ``kube.apply.prerequisites``."""

from __future__ import annotations

import threading

import pytest

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
    "spec": {
        "group": "example.com",
        "names": {"kind": "Thing"},
        "versions": [{"name": "v1", "served": True}, {"name": "v0", "served": False}],
    },
}
MISSING = ApiError(404, {"message": "not found"}, "PATCH", "/x")


def test_a_namespace_of_the_same_task_explains_a_refusal(discovery):
    assert Prerequisites([NAMESPACE, WEB], discovery).explain(MISSING, ref_of(WEB))
    assert not Prerequisites([WEB], discovery).explain(MISSING, ref_of(WEB))
    forbidden = ApiError(403, {}, "PATCH", "/x")
    assert not Prerequisites([NAMESPACE, WEB], discovery).explain(forbidden, ref_of(WEB))


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (
            "ServiceAccount",
            'error looking up service account shop/bot: serviceaccount "bot" not found',
        ),
        ("PriorityClass", "no PriorityClass with name bot was found"),
        ("RuntimeClass", 'pod rejected: RuntimeClass "bot" not found'),
    ],
)
def test_an_object_that_admission_misses_explains_a_refusal(discovery, kind, message):
    refused = ApiError(403, {"message": f'pods "web" is forbidden: {message}'}, "PATCH", "/x")
    for name, expected in (("bot", True), ("bots", False), ("bo", False)):
        needed = {"apiVersion": "x/v1", "kind": kind, "metadata": {"name": name}}
        assert Prerequisites([needed, WEB], discovery).explain(refused, ref_of(WEB)) == expected


def test_a_definition_of_the_same_task_explains_an_unknown_kind(discovery):
    unknown = KubeError("unknown kind")
    assert Prerequisites([DEFINITION, THING], discovery).explain(unknown, ref_of(THING))
    assert not Prerequisites([THING], discovery).explain(unknown, ref_of(THING))
    assert not Prerequisites([DEFINITION, THING, WEB], discovery).explain(unknown, ref_of(WEB))


class LateDiscovery:
    """Lists a kind only when it was asked for it a number of times."""

    def __init__(self, late: int):
        self.late, self.asked, self.forgotten = late, 0, []

    def path(self, ref):
        return f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{ref.name}"

    def forget(self, api_version):
        self.forgotten.append(api_version)

    def find(self, api_version, kind):
        assert (api_version, kind) == ("example.com/v1", "Thing")
        self.asked += 1
        return self.asked > self.late


@pytest.fixture
def established(api):
    """A definition that is established a moment later."""
    stored = api.put("customresourcedefinitions", DEFINITION)

    def change(obj):
        obj["status"] = {"conditions": [{"type": "Established", "status": "True"}]}

    timer = threading.Timer(
        0.2,
        lambda: api.update("customresourcedefinitions", "things.example.com", change, ""),
    )
    timer.start()
    yield ObjectChange(ref_of(DEFINITION), "created", None, stored)
    timer.join()


def test_a_new_definition_is_awaited_until_its_kind_is_served(client, established):
    discovery = LateDiscovery(2)
    wait_until_established(client, discovery, Deadline(5), [established], [])
    assert discovery.forgotten == ["example.com/v1"] * 3


def test_a_kind_that_is_never_served_is_named(client, established):
    with pytest.raises(KubeError, match="Thing of example.com/v1 is established, but .* not serve"):
        wait_until_established(client, LateDiscovery(1000), Deadline(0.6), [established], [])


def test_the_reason_of_the_server_for_a_kind_that_is_not_established(client, api):
    stored = api.put("customresourcedefinitions", DEFINITION)

    def change(obj):
        reason = {"type": "Established", "status": "False", "message": "the CABundle is invalid"}
        obj["status"] = {"conditions": [reason]}

    api.update("customresourcedefinitions", "things.example.com", change, "")
    made = ObjectChange(ref_of(DEFINITION), "created", None, stored)
    with pytest.raises(
        KubeError, match=r"not established \(after 0.5 s\); the CABundle is invalid"
    ):
        wait_until_established(client, LateDiscovery(0), Deadline(0.5), [made], [])


def test_a_changed_definition_explains_a_refusal_of_the_content(discovery):
    prerequisites = Prerequisites([DEFINITION, THING], discovery)
    untyped = ApiError(500, {"message": "failed to create typed patch object"}, "PATCH", "/x")
    assert not prerequisites.explain(untyped, ref_of(THING))
    prerequisites.note([ObjectChange(ref_of(DEFINITION), "unchanged", DEFINITION, DEFINITION)])
    assert not prerequisites.explain(untyped, ref_of(THING))
    prerequisites.note([ObjectChange(ref_of(DEFINITION), "configured", DEFINITION, DEFINITION)])
    assert prerequisites.explain(untyped, ref_of(THING))
    forbidden = ApiError(403, {"message": "no right"}, "PATCH", "/x")
    assert not prerequisites.explain(forbidden, ref_of(THING))
    assert not prerequisites.explain(untyped, ref_of(WEB))
