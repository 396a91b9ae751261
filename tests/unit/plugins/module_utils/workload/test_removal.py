from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.removal import (
    objects_of_apps,
)
from support.kube_fake import Refused

WEB = [{"name": "web", "namespace": "default"}]


def test_objects_of_an_application_are_found_by_its_labels(api, apply, cluster):
    apply(ports=[80], config={"a": "b"})
    apply(name="other")
    api.put(
        "configmaps",
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": "foreign",
                "namespace": "default",
                "labels": {"app.kubernetes.io/name": "web"},
            },
        },
    )
    found = objects_of_apps(cluster.client, cluster.discovery, WEB)
    assert sorted(map(str, found)) == [
        "ConfigMap default/web",
        "Deployment default/web",
        "Service default/web",
    ]


def test_claims_of_a_stateful_set_have_only_the_name_label(api, apply, cluster):
    metadata = {"name": "data-web-0", "namespace": "default"}
    metadata["labels"] = {"app.kubernetes.io/name": "web"}
    for name in ("data-web-0", "data-web-x", "backup-web-0"):
        claim = {"kind": "PersistentVolumeClaim", "metadata": {**metadata, "name": name}}
        api.put("persistentvolumeclaims", claim)
    # without the StatefulSet, nothing proves whose they are
    assert objects_of_apps(cluster.client, cluster.discovery, WEB) == {}
    apply(kind="StatefulSet", volumes=[{"name": "data", "mount": "/data", "size": "1Gi"}])
    found = objects_of_apps(cluster.client, cluster.discovery, WEB)
    assert [ref.name for ref in found if ref.kind == "PersistentVolumeClaim"] == ["data-web-0"]


def test_no_application_needs_no_request(api, cluster):
    assert objects_of_apps(cluster.client, cluster.discovery, []) == {}
    assert api.log == []


def test_a_refused_list_is_an_error(api, cluster):
    def deny(method, path):
        if "/secrets" in path:
            raise Refused(403, "Forbidden", "secrets is forbidden")

    api.faults.append(deny)
    with pytest.raises(KubeError, match="secrets is forbidden"):
        objects_of_apps(cluster.client, cluster.discovery, WEB)
