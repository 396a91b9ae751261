from __future__ import annotations

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
