from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.selection import (
    select_scalings,
)
from support.objects import deployment

PARAMS = {"namespace": "default", "selector": "app.kubernetes.io/name=b", "replicas": 3}


def test_workloads_are_selected_by_their_labels(api, cluster):
    for name in ("a", "b"):
        api.put("deployments", deployment(name))
    cluster.discovery.load(["apps/v1"])
    (scaling,) = select_scalings(cluster, PARAMS, ValidationErrors())
    assert (scaling.ref.name, scaling.replicas) == ("b", 3)


def test_a_selector_without_matches_is_an_error(cluster):
    cluster.discovery.load(["apps/v1"])
    with pytest.raises(KubeError, match="finds no Deployment or StatefulSet in namespace default"):
        select_scalings(cluster, PARAMS, ValidationErrors())


def test_the_number_must_be_valid(api, cluster):
    api.put("deployments", deployment("b"))
    cluster.discovery.load(["apps/v1"])
    with pytest.raises(KubeError, match="neither a number"):
        select_scalings(cluster, {**PARAMS, "replicas": "many"}, ValidationErrors())


def test_custom_resources_are_selected(api, cluster):
    labels = {"app.kubernetes.io/name": "b"}
    api.put("widgets", {"metadata": {"name": "w", "namespace": "default", "labels": labels}})
    kind = {"kind": "Widget", "api_version": "example.com/v1"}
    (scaling,) = select_scalings(cluster, {**PARAMS, **kind}, ValidationErrors())
    assert scaling.ref == ("example.com/v1", "Widget", "default", "w")
    with pytest.raises(KubeError, match="is needed for the kind Widget"):
        select_scalings(cluster, {**PARAMS, "kind": "Widget"}, ValidationErrors())
