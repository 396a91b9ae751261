"""A release touches no object of another one."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import (
    PART_OF,
    ApplySet,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.declared import Release
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.owners import (
    NAME,
    NAMESPACE,
    check_deletable,
    check_owners,
    undeclared_objects,
)


def config(name="a", release="", labels=None):
    metadata = {"name": name, "namespace": "shop", "labels": labels or {}}
    if release:
        metadata["annotations"] = {NAME: release, NAMESPACE: "shop"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}


def check(*live, adopts=False, declared=None):
    release = Release("web", "shop", objects=list(live) if declared is None else declared)
    check_owners(release, {ref_of(obj): obj for obj in live}, adopts)


def test_what_belongs_to_nobody_or_to_the_set_is_free():
    check(config())
    check(config(labels={PART_OF: "x"}), adopts=True)
    check(config(release="web"), adopts=True)
    check(config(release="other"), declared=[])


@pytest.mark.parametrize(
    ("obj", "adopts", "message"),
    [
        (config(release="other"), False, r"ConfigMap shop/a \(of release other\)"),
        (config(release="web"), False, "of release web"),
        (config(release="other"), True, "of release other"),
        (config(), True, "of no release"),
    ],
)
def test_what_belongs_to_others_is_refused(obj, adopts, message):
    with pytest.raises(KubeError, match=message):
        check(obj, adopts=adopts)


def test_a_long_list_is_cut():
    with pytest.raises(KubeError, match="and 2 more; nothing was applied"):
        check(*(config(str(number), "other") for number in range(7)))


def test_objects_of_helm_that_the_chart_no_longer_has(api, context_of):
    for name, release in (("kept", "web"), ("old", "web"), ("foreign", "other")):
        api.put("configmaps", config(name, release))
    elsewhere = config("elsewhere", "web")
    elsewhere["metadata"]["annotations"][NAMESPACE] = "blog"
    api.put("configmaps", elsewhere)
    texts = [
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n"
        for name in ("kept", "old", "foreign", "gone", "elsewhere")
    ]
    helm = {"release": "web", "digest": "a", "templates": [{"text": texts[0], "source": "t"}]}
    context = context_of(manifests=[{"helm": helm}], namespace="shop")
    context.declaration.placed(context.cluster.discovery)
    assert [ref.name for ref in undeclared_objects(context, "".join(texts))] == ["old"]


@pytest.mark.parametrize(
    ("labels", "release", "applyset", "owner"),
    [
        ({}, "", None, None),
        ({PART_OF: "other"}, "", None, r"another applyset \(other\)"),
        ({PART_OF: "other"}, "", "mine", r"another applyset \(other\)"),
        ({PART_OF: "mine"}, "", "mine", None),
        ({PART_OF: "mine"}, "", None, "the applyset mine"),
        ({}, "web", None, "the release web of helm"),
        # taken over from helm
        ({PART_OF: "mine"}, "web", "mine", None),
    ],
)
def test_only_what_belongs_to_the_task_or_to_no_owner_is_deleted(
    api, context_of, labels, release, applyset, owner
):
    context = context_of(manifests=[config()], applyset=applyset, namespace="shop", state="absent")
    api.put("namespaces", {"metadata": {"name": "shop"}})
    cluster = context.cluster
    applyset = ApplySet(cluster.client, cluster.discovery, "mine", "shop")
    applyset.widen_parent([])
    labels = {name: applyset.id if value == "mine" else value for name, value in labels.items()}
    live = config(release=release, labels=labels)
    if not owner:
        check_deletable(context, {ref_of(live): live})
        return
    with pytest.raises(KubeError, match=rf"ConfigMap shop/a \({owner}\); nothing was deleted"):
        check_deletable(context, {ref_of(live): live})
