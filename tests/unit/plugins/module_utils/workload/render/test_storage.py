from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.storage import (
    pod_volumes,
    render_claims,
)
from support.apps import app_spec

SIZED = {"name": "data", "mount": "/data", "size": "1Gi"}


def test_a_volume_with_a_size_has_a_claim_of_its_own():
    app = app_spec(volumes=[{**SIZED, "storage_class": "fast"}])
    (claim,) = render_claims(app)
    assert claim["metadata"]["name"] == "web-data"
    assert claim["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "fast",
        "resources": {"requests": {"storage": "1Gi"}},
    }
    (volume,) = pod_volumes(app)
    assert volume["persistentVolumeClaim"] == {"claimName": "web-data"}


def test_a_stateful_set_creates_its_claims_itself():
    app = app_spec(kind="StatefulSet", volumes=[SIZED])
    assert render_claims(app) == [] and pod_volumes(app) == []


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ({"claim": "c"}, {"persistentVolumeClaim": {"claimName": "c"}}),
        ({"config_map": "m"}, {"configMap": {"name": "m"}}),
        ({"secret": "s"}, {"secret": {"secretName": "s"}}),
        ({"host_path": "/x"}, {"hostPath": {"path": "/x"}}),
        ({"empty_dir": True}, {"emptyDir": {}}),
    ],
)
def test_sources_of_volumes(source, rendered):
    app = app_spec(volumes=[{"name": "v", "mount": "/v", **source}])
    assert pod_volumes(app) == [{"name": "v", **rendered}]


@pytest.mark.parametrize("option", ["config", "secrets"])
def test_data_is_a_volume_when_a_container_mounts_it(option):
    helper = {"name": "helper", "mounts": [{"volume": option, "path": "/x"}]}
    assert pod_volumes(app_spec(**{option: {"a": 1}})) == []
    (own,) = pod_volumes(app_spec(**{option: {"a": 1}, f"{option}_mount": "/x"}))
    (other,) = pod_volumes(app_spec(**{option: {"a": 1}}, containers=[helper]))
    assert own == other and own["name"] == option
