from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import (
    PART_OF,
    ApplySet,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.deletion import (
    delete_objects,
)

VOLUME = {"name": "data", "mount": "/data", "size": "1Gi"}


def test_data_is_kept_unless_it_is_removed_explicitly(api, apply, context_of):
    apply(volumes=[VOLUME])
    context = context_of(name="web", state="absent")
    delete_objects(context, [])
    assert context.result.fields["kept"] == ["PersistentVolumeClaim default/web-data"]
    assert [change.ref.kind for change in context.result.changes] == ["Deployment"]
    delete_objects(context_of(name="web", state="absent", remove_data=True), [])
    assert not api.get("persistentvolumeclaims", "web-data")


def test_manifests_are_deleted_too(api, context_of):
    config = {"apiVersion": "v1", "kind": "ConfigMap"}
    config["metadata"] = {"name": "c", "namespace": "default"}
    api.put("configmaps", config)
    context = context_of(manifests=[config], state="absent")
    delete_objects(context, context.declaration.placed(context.cluster.discovery))
    assert not api.get("configmaps", "c")


def test_a_task_that_adopts_nothing_deletes_only_members_of_its_set(api, apply, context_of):
    cluster = apply().cluster
    task = {"name": "web", "state": "absent", "applyset": "shop", "adopt": False}
    delete_objects(context_of(**task), [])
    assert api.get("deployments", "web")
    record = ApplySet(cluster.client, cluster.discovery, "shop", "default")
    apply(labels={PART_OF: record.id})
    delete_objects(context_of(**task), [])
    assert not api.get("deployments", "web")


def test_check_mode_deletes_nothing(api, apply, context_of):
    apply()
    context = context_of(check=True, name="web", state="absent")
    delete_objects(context, [])
    assert context.result.is_changed and api.get("deployments", "web")


def test_values_of_deleted_secrets_are_hidden(apply, context_of):
    apply(secrets={"password": "quiet"})
    context = context_of(name="web", state="absent")
    delete_objects(context, [])
    assert "quiet" in context.result.secrets


def test_a_release_is_deleted_only_if_all_other_objects_may_be(api, context_of):
    foreign = {"apiVersion": "v1", "kind": "ConfigMap"}
    labels = {"applyset.kubernetes.io/part-of": "applyset-x-v1"}
    foreign["metadata"] = {"name": "c", "namespace": "default", "labels": labels}
    api.put("configmaps", foreign)
    task = {"manifests": [foreign, {"helm": {"release": "web"}}], "applyset": "release.web"}
    context = context_of(state="absent", **task)
    objects = context.declaration.placed(context.cluster.discovery)
    with pytest.raises(KubeError, match="ConfigMap default/c .another applyset"):
        delete_objects(context, objects)
    assert not api.writes
    context = context_of(state="absent", force=True, **task)
    delete_objects(context, objects)
    assert not api.get("configmaps", "c")
