"""Objects of Argo CD and Flux stay theirs: their fields, their marks, and the objects themselves."""

from __future__ import annotations

import pytest

from support.kubectl import Kubectl

PART_OF = "applyset.kubernetes.io/part-of"
SERVER_SIDE = ["--server-side", "--force-conflicts"]
FLUX = "toolkit.fluxcd.io"
# manager, name of the tool, labels and annotations by which it tracks an object
ARGO = (
    "argocd-controller",
    "Argo CD",
    {},
    {"argocd.argoproj.io/tracking-id": "shop:/ConfigMap:x/c"},
)
KUSTOMIZE = (
    "kustomize-controller",
    "Flux",
    {f"kustomize.{FLUX}/name": "shop", f"kustomize.{FLUX}/namespace": "flux"},
    {},
)
HELM = (
    "helm-controller",
    "Flux",
    {f"helm.{FLUX}/name": "shop", f"helm.{FLUX}/namespace": "flux"},
    {"meta.helm.sh/release-name": "shop"},
)
TOOLS = [
    pytest.param(tool, flags, id=f"{tool[0]}-{name}")
    for tool in (ARGO, KUSTOMIZE, HELM)
    for name, flags in (("server-side", SERVER_SIDE), ("client-side", []))
]


@pytest.fixture
def kubectl(space):
    return Kubectl(space.server, space.name)


def config(name: str = "c", labels=None, annotations=None, **data: str) -> dict:
    metadata = {"name": name, "labels": labels or {}, "annotations": annotations or {}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def live(space, name: str = "c") -> dict:
    return space.server.must("GET", f"{space.core}/configmaps/{name}")


def ours(space, *objects: dict, **options) -> dict:
    return space.run("workload", manifests=list(objects), wait="applied", **options)


@pytest.mark.parametrize(("tool", "flags"), TOOLS)
def test_a_conflict_names_the_tool_and_nothing_of_it_is_lost(space, kubectl, tool, flags):
    manager, name, labels, annotations = tool
    theirs = config(labels=labels, annotations=annotations, a="1", b="1")
    kubectl.apply(*flags, f"--field-manager={manager}", objects=[theirs])

    refused = ours(space, config(a="2"))
    assert refused["failed"], refused
    for word in (f"data.a belongs to {manager}", f"{name} will revert", "force: true"):
        assert word in refused["msg"], refused["msg"]

    for check in (True, False):
        forced = ours(space, config(a="2"), force=True, check=check)
        assert not forced.get("failed"), forced
        (warning,) = map(str, forced["warnings"])
        assert f"{name} declares fields" in warning and "data.a" in warning
    after = live(space)
    assert after["data"] == {"a": "2", "b": "1"}
    assert labels.items() <= after["metadata"].get("labels", {}).items()
    assert annotations.items() <= after["metadata"].get("annotations", {}).items()
    # neither does a later declaration with less
    ours(space, config(z="1"), force=True)
    after = live(space)
    assert after["data"] == {"b": "1", "z": "1"}
    assert labels.items() <= after["metadata"].get("labels", {}).items()
    assert annotations.items() <= after["metadata"].get("annotations", {}).items()


@pytest.mark.parametrize(("tool", "flags"), TOOLS)
def test_only_recorded_members_are_pruned(space, kubectl, tool, flags):
    manager, _, labels, annotations = tool
    task = {"applyset": "shop", "prune": True, "force": True}
    # a member that the tool tracks as well, and one that is only ours
    assert ours(space, config("kept"), config("both"), config("mine"), **task)["changed"]
    record = live(space, "mine")["metadata"]["labels"][PART_OF]
    kubectl.apply(
        *flags, f"--field-manager={manager}",
        objects=[
            config("both", labels=labels, annotations=annotations),
            config("theirs", labels=labels, annotations=annotations),
            # the manifest was exported from the cluster, with the label of the set
            config("copied", labels={**labels, PART_OF: record}, annotations=annotations),
        ],
    )  # fmt: skip
    result = ours(space, config("kept"), **task)
    gone = {one["name"] for one in result["objects"] if one["action"] == "pruned"}
    assert gone == {"both", "mine"}, result
    found = space.server.must("GET", f"{space.core}/configmaps")["items"]
    assert {"kept", "theirs", "copied"} <= {one["metadata"]["name"] for one in found}
