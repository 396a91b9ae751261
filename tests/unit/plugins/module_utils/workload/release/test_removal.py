"""Removal of a release: only recorded objects are deleted."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.record import (
    read_record,
    write_record,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.removal import (
    delete_release,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.membership import (
    Membership,
)


def config(name, **annotations):
    metadata = {"name": name, "annotations": annotations}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {}}


@pytest.fixture
def deployed(api, context_of):
    """Return a function that records a release with some objects, and a context that removes it."""

    def deploy(*objects, check=False, **options):
        context = context_of(manifests=list(objects), applyset="release.web")
        placed = context.declaration.placed(context.cluster.discovery)
        membership = Membership(context)
        membership.label(placed)
        context.applier.apply(membership.record(placed, {}), {})
        record = {"chart": "shop", "version": "1", "digest": "a", "mode": "install"}
        write_record(context.cluster.client, "default", "web", record)
        helm = [{"helm": {"release": "web"}}]
        return context_of(check, manifests=helm, applyset="release.web", state="absent", **options)

    return deploy


def test_members_and_the_record_go_and_others_stay(api, deployed):
    api.put(
        "configmaps", {**config("foreign"), "metadata": {"name": "foreign", "namespace": "default"}}
    )
    context = deployed(config("a"))
    delete_release(context)
    assert not api.get("configmaps", "a") and api.get("configmaps", "foreign")
    assert not api.get("secrets", "release.web")
    delete_release(context)


def test_marked_objects_and_their_record_stay(api, deployed):
    context = deployed(config("a"), config("b", **{"slipway/keep": "true"}))
    delete_release(context)
    assert api.get("configmaps", "b") and not api.get("configmaps", "a")
    assert api.get("secrets", "release.web")
    assert read_record(context.cluster.client, "default", "web") is None


def test_check_mode_deletes_nothing(api, deployed):
    context = deployed(config("a"), config("b", **{"slipway/keep": "true"}), check=True)
    written = len(api.writes)
    delete_release(context)
    assert context.result.is_changed and len(api.writes) == written


def test_a_release_of_helm_is_left_to_helm(api, context_of):
    labels = {"owner": "helm", "name": "web", "version": "1"}
    metadata = {"name": "sh.helm.release.v1.web.v1", "namespace": "default", "labels": labels}
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "helm.sh/release.v1",
        "metadata": metadata,
    }
    api.put("secrets", secret)
    context = context_of(
        manifests=[{"helm": {"release": "web"}}], applyset="release.web", state="absent"
    )
    with pytest.raises(KubeError, match="helm uninstall web"):
        delete_release(context)
