from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.membership import (
    Membership,
)
from support.kube_fake import Refused

APPS = [{"name": "a", "image": "x:1"}, {"name": "b", "image": "x:1"}]


@pytest.fixture
def member_run(context_of):
    """Return a function that records and applies members, and then prunes."""

    def run(apps, check=False, **options):
        context = context_of(check, apps=apps, applyset="shop", prune=True, **options)
        objects = context.declaration.placed(context.cluster.discovery)
        membership = Membership(context)
        membership.label(objects)
        refs = [ref_of(obj) for obj in objects]
        live = read_live(context.cluster.client, context.cluster.discovery, refs)
        objects = membership.record(objects, live)
        context.result.collect(lambda: context.applier.apply(objects, live))
        membership.prune()
        return context

    return run


def test_members_that_are_no_longer_declared_are_pruned(api, member_run):
    member_run(APPS)
    context = member_run(APPS[:1])
    assert [(c.ref.name, c.action) for c in context.result.changes][-1] == ("b", "pruned")
    assert api.get("deployments", "a") and not api.get("deployments", "b")


@pytest.mark.parametrize("check", [True, False])
def test_without_adoption_only_own_objects_are_changed(api, member_run, check):
    member_run(APPS[:1], adopt=False)
    context = member_run(APPS[:1], adopt=False)
    foreign = context.declaration.objects[0]
    foreign["metadata"] = {"name": "b", "namespace": "default"}
    api.put("deployments", foreign)
    written = len(api.writes)
    with pytest.raises(KubeError, match=r"^Deployment default/b: not created by shop.*adopt: true"):
        member_run(APPS, adopt=False, check=check)
    assert len(api.writes) == written


def test_check_mode_predicts_the_pruning(api, member_run):
    member_run(APPS)
    written = len(api.writes)
    context = member_run(APPS[:1], check=True)
    assert context.result.changes[-1].action == "pruned"
    assert api.get("deployments", "b") and len(api.writes) == written


def test_the_namespace_of_the_record_is_created_before_it(api, member_run):
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    member_run([], manifests=[namespace], namespace="shop")
    assert api.get("namespaces", "shop", "") and api.get("secrets", "shop", "shop")


def test_without_a_set_nothing_is_recorded(api, context_of):
    context = context_of(apps=APPS)
    membership = Membership(context)
    objects = [{"metadata": {}}]
    membership.label(objects)
    assert membership.record(objects, {}) == [{"metadata": {}}]
    membership.prune()
    assert api.log == []


def test_an_account_that_may_not_list_members_changes_nothing(api, member_run):
    member_run(APPS)
    written = len(api.writes)

    def refuse(method, path):
        if method == "GET" and "labelSelector" in path:
            raise Refused(403, "Forbidden", "deployments is forbidden")

    api.faults.append(refuse)
    for check in (True, False):
        with pytest.raises(KubeError, match="forbidden"):
            member_run([*APPS, {"name": "c", "image": "x:1"}], check=check)
    assert len(api.writes) == written


def test_the_first_task_of_a_set_needs_no_right_to_list(api, member_run):
    def refuse(method, path):
        if method == "GET" and "labelSelector" in path:
            raise Refused(403, "Forbidden", "deployments is forbidden")

    api.faults.append(refuse)
    member_run(APPS)
    assert api.get("deployments", "a")
