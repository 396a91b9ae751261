"""Tests of ``kube.ops.restart``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.restart import (
    ANNOTATION,
    restart,
)
from support.objects import deployment


def test_the_annotation_replaces_the_pods_and_has_its_own_manager(api, client, discovery):
    api.put("deployments", deployment())
    key = ObjectRef("apps/v1", "Deployment", "default", "web")
    first = restart(client, discovery, key)
    second = restart(client, discovery, key)
    times = [
        one["spec"]["template"]["metadata"]["annotations"][ANNOTATION] for one in (first, second)
    ]
    assert times[0] < times[1]
    assert first["spec"]["replicas"] == 1
