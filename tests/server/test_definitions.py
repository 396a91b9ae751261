"""Kinds that a task defines and uses in the same run."""

from __future__ import annotations

import pytest

from support.objects import definition

ROUNDS = 10


@pytest.fixture
def group(server, space):
    """An API group that no other test uses."""
    name = f"{space.name}.example.com"
    yield name
    collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    for one in server.must("GET", collection)["items"]:
        if one["spec"]["group"] == name:
            server.must("DELETE", f"{collection}/{one['metadata']['name']}")


def test_an_object_of_a_kind_of_the_same_task_is_always_created(space, group):
    for number in range(ROUNDS):
        kind = f"Queue{number}"
        obj = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": "orders"}}
        done = space.declare(manifests=[obj, definition(group, kind)])
        assert done["counts"] == {"created": 2}, done
        again = space.declare(manifests=[obj, definition(group, kind)])
        assert not again["changed"]
