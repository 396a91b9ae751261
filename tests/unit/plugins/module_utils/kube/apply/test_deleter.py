"""Tests of ``kube.apply.deleter``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deleter import Deleter
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import ApplyError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from support.kube_fake import Refused
from support.objects import deployment

WEB = ObjectRef("apps/v1", "Deployment", "default", "web")
CONFIG = ObjectRef("v1", "ConfigMap", "default", "settings")


@pytest.fixture
def create(client, discovery):
    return lambda dry_run=False: Deleter(client, discovery, Deadline(5), dry_run)


@pytest.fixture
def filled(api):
    api.put("deployments", deployment())
    api.put(
        "configmaps",
        {"kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "default"}},
    )
    return api


def test_objects_are_deleted_in_reverse_order(create, filled):
    changes = create().delete([CONFIG, WEB], wait=True)
    assert [(change.action, change.ref) for change in changes] == [
        ("deleted", WEB),
        ("deleted", CONFIG),
    ]
    assert filled.get("deployments", "web") is None


def test_missing_objects_and_kinds_are_no_changes(create, filled):
    unknown = ObjectRef("example.com/v1", "Thing", "default", "x")
    missing = ObjectRef("v1", "ConfigMap", "default", "missing")
    assert create().delete([unknown, missing], wait=True) == []


def test_a_dry_run_deletes_nothing(create, filled):
    assert len(create(dry_run=True).delete([WEB], wait=True)) == 1
    assert filled.get("deployments", "web")


def test_a_refusal_names_the_object(create, filled):
    def refuse(method, path):
        if method == "DELETE":
            raise Refused(403, "Forbidden", "not allowed")

    filled.faults.append(refuse)
    with pytest.raises(ApplyError, match="Deployment default/web.*not allowed"):
        create().delete([WEB], wait=False)
