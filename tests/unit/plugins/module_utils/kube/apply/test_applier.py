"""Tests of ``kube.apply.applier``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import ApplyError
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from support.kube_fake import Refused


def manifest(kind, name="x", api_version="v1"):
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": "default"},
    }


SERVICE = {**manifest("Service"), "spec": {"selector": {"app": "x"}, "ports": [{"port": 80}]}}
OBJECTS = [SERVICE, manifest("ConfigMap"), manifest("Secret")]


@pytest.fixture
def create(client, discovery):
    def made(seconds=5, **options):
        lines = []
        applier = Applier(client, discovery, Deadline(seconds), lines.append, **options)
        applier.lines = lines
        return applier

    return made


def test_all_objects_are_applied_with_progress(api, create):
    applier = create()
    changes = applier.apply(OBJECTS, {})
    assert {change.ref for change in changes} == {ref_of(obj) for obj in OBJECTS}
    assert applier.lines[-1] == "applied 3 of 3 objects"
    assert api.get("services", "x")


def test_a_refusal_keeps_the_changes_before_it(api, create):
    def refuse(method, path):
        if method == "PATCH" and "/services/" in path:
            raise Refused(403, "Forbidden", "not allowed")

    api.faults.append(refuse)
    with pytest.raises(ApplyError) as caught:
        create().apply(OBJECTS, {})
    assert {change.ref.kind for change in caught.value.done} == {"ConfigMap", "Secret"}


def test_a_definition_that_is_not_established_keeps_the_changes_before_it(api, create):
    kind = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Widget", "plural": "widgets"}},
    }
    with pytest.raises(KubeError, match="is not established") as caught:
        create(seconds=0.2).apply([kind, SERVICE], {})
    assert [change.ref.kind for change in caught.value.done] == ["CustomResourceDefinition"]


def test_an_overriding_applier_forces_and_recreates(create):
    options = create(manager="m", validate="strict").overriding().options
    assert (options.manager, options.force, options.recreate) == ("m", True, True)
    assert options.validate == "ignore"


def test_objects_are_deleted(api, create):
    applier = create()
    applier.apply(OBJECTS, {})
    assert len(applier.delete([ref_of(obj) for obj in OBJECTS], wait=True)) == 3
    assert api.get("services", "x") is None
