"""One ApplySet in the hands of kubectl and of the module ``workload``, in turn."""

from __future__ import annotations

import json
import re

import pytest

from support.kubectl import Kubectl
from support.objects import definition

PARENTS = ["secrets/shop", "configmaps/shop"]
TOOLING = "applyset.kubernetes.io/tooling"
PART_OF = "applyset.kubernetes.io/part-of"


def config(name: str, **data: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def service(name: str) -> dict:
    spec = {"ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


@pytest.fixture
def kubectl(space):
    return Kubectl(space.server, space.name)


def names(space, kind: str = "configmaps") -> set[str]:
    found = space.server.must("GET", f"{space.core}/{kind}")["items"]
    return {one["metadata"]["name"] for one in found} - {"kube-root-ca.crt", "shop"}


def tooling(space, parent: str) -> str:
    return space.server.must("GET", f"{space.core}/{parent}")["metadata"]["annotations"][TOOLING]


def by_kubectl(kubectl, parent, *objects):
    return kubectl.apply("--prune", f"--applyset={parent}", objects=objects)


def ours(space, parent, *objects, **options) -> dict:
    options = {"wait": "applied", "prune": True, **options}
    return space.run("workload", applyset=parent, manifests=list(objects), **options)


@pytest.mark.parametrize("parent", PARENTS)
def test_a_set_of_kubectl_is_continued_on_request(space, kubectl, parent):
    by_kubectl(kubectl, parent, config("a", x="1"), config("b", x="1"), service("s"))
    refused = ours(space, parent, config("a", x="1"))
    assert refused["failed"] and "is a set of kubectl/v1." in refused["msg"]
    assert "force: true" in refused["msg"]
    assert names(space) == {"a", "b"} and tooling(space, parent).startswith("kubectl/")

    predicted = ours(space, parent, config("a", x="2"), force=True, check=True)
    assert tooling(space, parent).startswith("kubectl/")
    taken = ours(space, parent, config("a", x="2"), force=True)
    for result in (predicted, taken):
        gone = {one["name"] for one in result["objects"] if one["action"] == "pruned"}
        assert not result.get("failed") and gone == {"b", "s"}
    assert names(space) == {"a"} and names(space, "services") == set()
    assert tooling(space, parent) == "slipway/v1"

    again = ours(space, parent, config("a", x="2"))
    assert not again.get("failed") and not again["changed"], again
    assert ours(space, parent, config("b", x="1"))["changed"]
    assert names(space) == {"b"}


@pytest.mark.parametrize("parent", PARENTS)
def test_a_set_of_the_module_is_handed_over_to_kubectl(space, kubectl, parent):
    assert not ours(space, parent, config("a", x="1"), config("b"), service("s")).get("failed")
    refused = kubectl.run(
        "apply", "-f-", "--prune", f"--applyset={parent}", objects=[config("a", x="2")]
    )
    assert refused.returncode and 'managed by tooling "slipway"' in refused.stderr
    assert names(space) == {"a", "b"}

    kubectl.run("annotate", parent, f"{TOOLING}=kubectl/v1", "--overwrite")
    by_kubectl(kubectl, parent, config("a", x="2"))
    assert names(space) == {"a"} and names(space, "services") == set()
    assert tooling(space, parent).startswith("kubectl/v1.")
    assert ours(space, parent, config("a", x="1"))["failed"]


@pytest.fixture
def custom_parent(group, kubectl):
    """An object of a kind that was made to be a parent."""
    labels = {"applyset.kubernetes.io/is-parent-type": "true"}
    kubectl.apply(objects=[definition(group, "Shop", labels=labels)])
    kubectl.run("wait", "--for=condition=Established", f"crd/shops.{group}")
    shop = {"apiVersion": f"{group}/v1", "kind": "Shop", "metadata": {"name": "web"}}
    kubectl.apply(objects=[{**shop, "size": 1}])
    return f"shops.{group}/web"


def test_a_custom_resource_is_the_parent_for_both(space, kubectl, custom_parent):
    refused = ours(space, custom_parent, config("a", x="1"))
    assert refused["failed"] and "is not an ApplySet" in refused["msg"]
    for command in re.findall("`kubectl ([^`]*)`", refused["msg"]):
        assert kubectl.run(*command.split()).returncode == 0, command
    assert ours(space, custom_parent, config("a", x="1"), config("b"))["changed"]
    assert not ours(space, custom_parent, config("a", x="1"), config("b"))["changed"]
    assert ours(space, custom_parent, config("a", x="1"))["changed"] and names(space) == {"a"}

    kubectl.run("annotate", custom_parent, f"{TOOLING}=kubectl/v1", "--overwrite")
    by_kubectl(kubectl, custom_parent, config("c"))
    assert names(space) == {"c"}
    taken = ours(space, custom_parent, config("d"), force=True)
    assert not taken.get("failed") and names(space) == {"d"}, taken
    assert json.loads(kubectl.run("get", custom_parent, "-ojson").stdout)["size"] == 1


def test_a_definition_and_an_object_of_its_kind_are_one_set(space, kubectl):
    """In one task: the kind is new, so neither the set nor pruning can know it before."""
    group = f"{space.name}.example.com"
    kind = definition(group, "Boat")
    boats = [
        {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": name}, "size": 1}
        for name in ("a", "b")
    ]

    def afloat() -> set[str]:
        found = space.server.must("GET", f"/apis/{group}/v1/namespaces/{space.name}/boats")["items"]
        return {one["metadata"]["name"] for one in found}

    try:
        made = ours(space, "shop", kind, *boats, config("c"))
        assert not made.get("failed") and afloat() == {"a", "b"}, made
        assert not ours(space, "shop", kind, *boats, config("c"))["changed"]
        pruned = ours(space, "shop", kind, boats[0])
        gone = {
            (one["kind"], one["name"]) for one in pruned["objects"] if one["action"] == "pruned"
        }
        assert gone == {("Boat", "b"), ("ConfigMap", "c")} and afloat() == {"a"}
        last = ours(space, "shop", kind)
        assert not last.get("failed") and afloat() == set(), last
    finally:
        kubectl.run("delete", f"crd/boats.{group}")


def test_foreign_objects_with_copied_labels_survive(space):
    slice_of = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice"}
    declared = {**slice_of, "metadata": {"name": "mine"}, "addressType": "IPv4", "endpoints": []}
    with_pods = {**service("s"), "spec": {"selector": {"app": "s"}, "ports": [{"port": 80}]}}
    ours(space, "shop", with_pods, declared)
    path = f"/apis/discovery.k8s.io/v1/namespaces/{space.name}/endpointslices"

    def copies() -> list[dict]:
        found = space.server.must("GET", path)["items"]
        return [one["metadata"] for one in found if one["metadata"]["name"] != "mine"]

    space.eventually(lambda: copies() and PART_OF in copies()[0]["labels"])
    before = copies()[0]["uid"]
    result = ours(space, "shop", with_pods)
    assert [one["name"] for one in result["objects"] if one["action"] == "pruned"] == ["mine"]
    assert [one["uid"] for one in copies()] == [before]


def test_a_member_of_a_set_is_deleted_only_by_a_task_that_names_the_set(space, kubectl):
    by_kubectl(kubectl, "secrets/theirs", config("theirs", x="1"))
    assert ours(space, "shop", config("a", x="1"))["changed"]
    gone = {"manifests": [config("a"), config("theirs")], "state": "absent"}
    refused = space.run("workload", **gone)
    assert refused["failed"] and "ConfigMap" in refused["msg"]
    assert "(the applyset shop)" in refused["msg"] and "(the applyset theirs)" in refused["msg"]
    refused = space.run("workload", applyset="shop", **gone)
    assert "(the applyset theirs)" in refused["msg"] and "shop)" not in refused["msg"]
    assert names(space) == {"a", "theirs"}
    assert space.run("workload", applyset="shop", **{**gone, "manifests": [config("a")]})["changed"]
    assert names(space) == {"theirs"}
    assert space.run("workload", force=True, **gone)["changed"]
    assert names(space) == set()
