"""Tests of ``kube.apply.replacement``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    UnfinishedError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.replacement import recreate
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import (
    ApplyOptions,
    Sender,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from support.kube_fake import Refused
from support.objects import claim_of, database

GROWN = {
    "field": "PersistentVolumeClaim default/data-db-0: spec.resources.requests.storage",
    "before": "1Gi",
    "after": "2Gi",
}


@pytest.fixture
def replace(api, client, discovery):
    """Replace a StatefulSet by one with larger claims; ``replace.settings`` is how it was deleted."""
    api.put("persistentvolumeclaims", claim_of("db", "data-db-0"))
    live = api.put("statefulsets", database(data="1Gi"))

    def run(obj=None, **options):
        def delete(ref, old, settings):
            run.settings.append(settings)
            api.remove("statefulsets", ref.name, ref.namespace)

        sender = Sender(client, discovery, ApplyOptions(**options))
        return recreate(sender, delete, obj or database(data="2Gi"), live)

    run.settings = []
    return run


def sizes(api) -> tuple[str, str]:
    claim = api.get("persistentvolumeclaims", "data-db-0")
    (template,) = api.get("statefulsets", "db")["spec"]["volumeClaimTemplates"]
    found = [one["spec"]["resources"]["requests"]["storage"] for one in (claim, template)]
    return found[0], found[1]


def test_claims_grow_with_their_stateful_set(api, replace):
    change = replace()
    assert (change.action, sizes(api)) == ("recreated", ("2Gi", "2Gi"))
    assert GROWN in change.changes
    assert replace.settings == [{"propagationPolicy": "Orphan"}]


def test_a_prediction_changes_nothing(api, replace):
    change = replace(dry_run=True)
    assert GROWN in change.changes and change.action == "recreated"
    assert sizes(api) == ("1Gi", "1Gi") and replace.settings == []


def refuse(api, status: int, matches) -> None:
    def fault(method, path):
        if matches(method, path):
            raise Refused(status, "Forbidden", "refused here")

    api.faults.append(fault)


def test_nothing_changes_if_a_claim_cannot_grow(api, replace):
    refuse(api, 403, lambda method, path: method == "PATCH" and "claims" in path)
    with pytest.raises(KubeError, match="cannot grow .* nothing was changed"):
        replace()
    assert sizes(api) == ("1Gi", "1Gi") and replace.settings == []


def test_claims_that_grew_are_known_although_the_successor_is_refused(api, replace):
    refuse(api, 403, lambda method, path: method == "PATCH" and "statefulsets/db" in path)
    with pytest.raises(UnfinishedError, match="created again; its claims have grown") as caught:
        replace()
    assert caught.value.change.changes == [GROWN] and caught.value.change.changed
    assert sizes(api) == ("2Gi", "1Gi")


def test_pods_do_not_stay_if_their_names_change(api, replace):
    other = database(data="1Gi")
    other["spec"]["serviceName"] = "other"
    assert replace(other).action == "recreated"
    assert replace.settings == [None]
