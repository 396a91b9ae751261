"""Hooks run one after another; their objects are replaced and deleted by their policies."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError, UnseenError
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.declared import Hook
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.hooks import run_hooks
from support.kube_fake import Refused, instant_jobs


def hook(name, weight=0, policies=("before-hook-creation",), kind="ConfigMap", version="v1"):
    metadata = {
        "name": name,
        "namespace": "default",
        "annotations": {"helm.sh/hook": "pre-install"},
    }
    obj = {"apiVersion": version, "kind": kind, "metadata": metadata}
    if kind == "Pod":
        obj["spec"] = {"containers": [{"name": "main", "image": "x:1"}]}
    return Hook(obj, ("pre-install",), weight, policies)


@pytest.fixture
def context(api, context_of):
    api.reactions.append(instant_jobs)
    return context_of(manifests=[{"helm": {"release": "web"}}])


def test_weight_then_kind_then_name(api, context):
    hooks = [hook("b"), hook("a"), hook("z", -1), hook("p", kind="Pod"), hook("s", kind="Secret")]
    run_hooks(context, hooks, "pre-install")
    names = [one["name"] for one in context.result.fields["hooks"]]
    assert names == ["z", "a", "b", "s", "p"]
    assert context.result.is_changed


def test_only_hooks_of_the_event_run(api, context):
    run_hooks(context, [hook("a")], "post-install")
    assert context.result.fields["hooks"] == [] and not api.writes


def test_an_own_hook_is_replaced_and_one_without_the_policy_is_not(api, context):
    run_hooks(context, [hook("a"), hook("b", policies=("hook-succeeded",))], "pre-install")
    first = api.get("configmaps", "a")["metadata"]["uid"]
    assert not api.get("configmaps", "b"), "hook-succeeded deletes it"
    run_hooks(context, [hook("a")], "pre-install")
    assert api.get("configmaps", "a")["metadata"]["uid"] != first


def test_a_hook_of_helm_is_replaced(api, context):
    api.put("configmaps", hook("a").obj)
    run_hooks(context, [hook("a")], "pre-install")
    assert api.get("configmaps", "a")["metadata"]["managedFields"]


def test_an_object_of_another_client_is_not(api, context):
    metadata = {"name": "a", "namespace": "default"}
    api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    with pytest.raises(KubeError, match="ConfigMap default/a exists and was not created by a hook"):
        run_hooks(context, [hook("a")], "pre-install")
    assert not api.writes


@pytest.mark.parametrize("policies", [("before-hook-creation",), ("hook-succeeded",), ()])
def test_an_object_that_no_hook_made_is_not_touched(api, context, policies):
    one = hook("a", policies=policies)
    plain = {**one.obj, "metadata": {"name": "a", "namespace": "default"}}
    before = context.applier.apply([plain], {})[0].after
    with pytest.raises(KubeError, match="ConfigMap default/a exists and was not created by a hook"):
        run_hooks(context, [one], "pre-install")
    assert api.get("configmaps", "a") == before


@pytest.mark.parametrize(
    ("kind", "plural"),
    [("PersistentVolumeClaim", "persistentvolumeclaims"), ("Namespace", "namespaces")],
)
@pytest.mark.parametrize("policy", ["before-hook-creation", "hook-succeeded"])
def test_data_and_what_is_in_a_namespace_stay(api, context, kind, plural, policy):
    one = hook("data", policies=(policy,), kind=kind)
    if kind == "Namespace":
        del one.obj["metadata"]["namespace"]
    place = one.obj["metadata"].get("namespace", "")
    run_hooks(context, [one], "pre-install")
    first = api.get(plural, "data", place)
    run_hooks(context, [one], "pre-install")
    assert api.get(plural, "data", place)["metadata"]["uid"] == first["metadata"]["uid"]
    if kind != "Namespace":
        assert context.result.fields["kept"] == ["PersistentVolumeClaim default/data"]


def test_data_of_a_hook_goes_if_the_task_removes_data(api, context_of):
    context = context_of(manifests=[{"helm": {"release": "web"}}], remove_data=True)
    one = hook("data", policies=("hook-succeeded",), kind="PersistentVolumeClaim")
    run_hooks(context, [one], "pre-install")
    assert not api.get("persistentvolumeclaims", "data")


def test_a_hook_that_nobody_saw_fail_goes_on(api, context):
    def forbid(method, path):
        if method == "GET" and "/pods?" in path:
            raise Refused(403, "Forbidden", "no pods for you")

    api.faults.append(forbid)
    api.broken.add("x:1")
    with pytest.raises(UnseenError, match="hook pre-install: .*no pods for you"):
        run_hooks(context, [hook("p", 0, ("hook-failed",), "Pod")], "pre-install")
    assert api.get("pods", "p")


def test_a_failed_pod_ends_the_event(api, context):
    api.broken.add("x:1")
    with pytest.raises(KubeError, match="hook pre-install: Pod default/p failed"):
        run_hooks(context, [hook("p", -1, ("hook-failed",), "Pod"), hook("a")], "pre-install")
    assert not api.get("pods", "p") and not api.get("configmaps", "a")
    assert "hook" not in str(context.result.fields["hooks"]), "it is not among those that ran"


def test_the_kind_of_a_hook_may_come_with_the_chart(api, context):
    with pytest.raises(KubeError, match="unknown kind Coupon"):
        run_hooks(context, [hook("a", kind="Coupon", version="shop.example.com/v1")], "pre-install")
