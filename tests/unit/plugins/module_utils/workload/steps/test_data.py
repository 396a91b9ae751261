from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.data import (
    keep_data,
    keep_marked,
)

CLAIM = ObjectRef("v1", "PersistentVolumeClaim", "shop", "data")
NAMESPACE = ObjectRef("v1", "Namespace", "", "shop")
SERVICE = ObjectRef("v1", "Service", "shop", "web")


def test_claims_are_kept_unless_data_is_removed(context_of):
    context = context_of(name="web", state="absent")
    assert keep_data(context, [CLAIM, SERVICE]) == [CLAIM]
    assert context.result.fields["kept"] == [str(CLAIM)]
    assert (
        keep_data(context_of(name="web", state="absent", remove_data=True), [CLAIM, NAMESPACE])
        == []
    )


def test_a_namespace_with_claims_is_refused(api, context_of):
    assert keep_data(context_of(name="web", state="absent"), [NAMESPACE]) == []
    metadata = {"name": "data", "namespace": "shop"}
    api.put("persistentvolumeclaims", {"kind": "PersistentVolumeClaim", "metadata": metadata})
    with pytest.raises(KubeError, match="Namespace shop has 1 PersistentVolumeClaims"):
        keep_data(context_of(name="web", state="absent"), [NAMESPACE])


def test_marked_objects_are_kept_beside_data(context_of):
    context = context_of(name="web", state="absent")
    marked = {"metadata": {"annotations": {"slipway/keep": "true"}}}
    keep_data(context, [CLAIM])
    assert keep_marked(context, {CLAIM: marked, SERVICE: marked, NAMESPACE: {"metadata": {}}}) == [
        CLAIM,
        SERVICE,
    ]
    assert context.result.fields["kept"] == [str(CLAIM), str(SERVICE)]
