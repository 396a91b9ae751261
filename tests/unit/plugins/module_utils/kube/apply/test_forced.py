"""Tests of ``kube.apply.forced``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import client_side, forced
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import (
    ApplyOptions,
    Sender,
)

METADATA = {"name": "web", "namespace": "default", "managedFields": []}
AFTER = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": METADATA, "data": {"x": "1"}}


@pytest.fixture
def sender(client, discovery):
    return lambda **options: Sender(client, discovery, ApplyOptions(**options))


def test_fields_that_a_tool_lost_are_noted(sender):
    entry = {"manager": "argocd-controller", "fieldsV1": {"f:data": {"f:x": {}}}}
    before = {**AFTER, "metadata": {**METADATA, "managedFields": [entry]}}
    one = sender()
    forced.note(one, before, AFTER)
    (note,) = one.warnings
    assert "Argo CD" in note and "data.x" in note
    forced.note(one, None, AFTER)
    assert len(one.warnings) == 1


def test_what_stays_is_noted_only_without_force(sender, monkeypatch):
    monkeypatch.setattr(client_side, "remaining_note", lambda *_: "data.y stays")
    for force, expected in ((False, ["data.y stays"]), (True, [])):
        one = sender(force=force)
        forced.note(one, None, AFTER)
        assert one.warnings == expected


def test_nothing_is_taken_over_without_force(sender):
    assert forced.take_over(sender(), AFTER) is AFTER
    assert forced.predict(sender(), AFTER) is AFTER
