"""Tests of ``kube.apply.claim_growth``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.claim_growth import ClaimGrowth
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from support.kube_fake import Refused
from support.objects import claim_of, database

SMALL, LARGE = database(data="1Gi", log="1Gi"), database(data="2Gi", log="1024Mi")


@pytest.fixture
def growth(client):
    return lambda obj=LARGE, live=SMALL: ClaimGrowth(client, obj, live, "slipway")


def size(api, name: str) -> str:
    return api.get("persistentvolumeclaims", name)["spec"]["resources"]["requests"]["storage"]


def test_claims_of_grown_templates_grow(api, growth):
    for number in (0, 1, 12):
        api.put("persistentvolumeclaims", claim_of("db", f"data-db-{number}"))
    found = growth()
    found.check()
    assert size(api, "data-db-0") == "1Gi"
    found.grow()
    assert [size(api, f"data-db-{number}") for number in (0, 1, 12)] == ["2Gi"] * 3
    field = "PersistentVolumeClaim default/data-db-0: spec.resources.requests.storage"
    assert found.changes[0] == {"field": field, "before": "1Gi", "after": "2Gi"}
    assert len(found.changes) == 3


@pytest.mark.parametrize(
    "claim",
    [
        claim_of("other", "data-db-0"),
        claim_of("db", "data-db-backup"),
        claim_of("db", "log-db-0"),
        claim_of("db", "data-db-0", "2048Mi"),
        claim_of("db", "data-db-0", deletionTimestamp="2026-01-01T00:00:00Z"),
    ],
    ids=["labels", "name", "template", "size", "ending"],
)
def test_other_claims_stay_as_they_are(api, growth, claim):
    api.put("persistentvolumeclaims", claim)
    assert growth().changes == []


@pytest.mark.parametrize(
    ("obj", "live"),
    [
        (SMALL, LARGE),
        (LARGE, LARGE),
        (database(more="2Gi"), database(data="1Gi")),
        ({**LARGE, "kind": "Widget"}, {**SMALL, "kind": "Widget"}),
    ],
    ids=["smaller", "equal", "new", "other kind"],
)
def test_templates_that_do_not_grow_cost_no_request(api, growth, obj, live):
    before = len(api.log)
    assert growth(obj, live).changes == [] and len(api.log) == before


def test_a_claim_without_a_volume_keeps_its_size_with_a_warning(api, growth):
    api.put("persistentvolumeclaims", claim_of("db", "data-db-0", volume=""))
    found = growth()
    assert found.changes == []
    assert (
        "default/data-db-0 has no volume yet, so it cannot grow from 1Gi to 2Gi"
        in found.warnings[0]
    )


def refuse(api, name: str) -> None:
    def fault(method, path):
        if method == "PATCH" and path.split("?")[0].endswith(name):
            raise Refused(403, "Forbidden", "the storageclass must support resize")

    api.faults.append(fault)


def test_a_refusal_names_the_steps_and_changes_nothing(api, growth):
    for number in (0, 1):
        api.put("persistentvolumeclaims", claim_of("db", f"data-db-{number}"))
    refuse(api, "data-db-1")
    with pytest.raises(KubeError) as caught:
        growth().check()
    text = str(caught.value)
    assert "data-db-1 cannot grow from 1Gi to 2Gi: " in text and "must support resize" in text
    assert "nothing was changed. If the driver of StorageClass fast can grow volumes, set" in text
    assert size(api, "data-db-0") == "1Gi"


def test_what_grew_before_a_refusal_is_known(api, growth):
    for number in (0, 1):
        api.put("persistentvolumeclaims", claim_of("db", f"data-db-{number}"))
    found = growth()
    refuse(api, "data-db-1")
    with pytest.raises(KubeError, match="must support resize"):
        found.grow()
    assert [entry["field"].split(":")[0] for entry in found.changes] == [
        "PersistentVolumeClaim default/data-db-0"
    ]
    assert size(api, "data-db-0") == "2Gi"


def test_another_claim_of_the_same_name_is_not_changed(api, growth):
    api.put("persistentvolumeclaims", claim_of("db", "data-db-0"))
    found = growth()
    api.remove("persistentvolumeclaims", "data-db-0", "default")
    api.put("persistentvolumeclaims", claim_of("db", "data-db-0"))
    with pytest.raises(KubeError, match="UID in precondition"):
        found.grow()
    assert size(api, "data-db-0") == "1Gi" and found.changes == []
