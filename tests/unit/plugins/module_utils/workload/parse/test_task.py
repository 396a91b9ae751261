"""Tests of ``workload.parse.task``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.task import (
    parse_expectations,
)


def parse(*entries, objects=()):
    errors = ValidationErrors()
    return parse_expectations(list(entries), "lab", list(objects), errors), errors.found


def test_versions_of_usual_and_of_declared_kinds_are_known():
    mine = {"apiVersion": "example.com/v1", "kind": "Thing"}
    entries = [{"kind": kind, "name": "x", "condition": "Ready"} for kind in ("Job", "Thing")]
    (job, thing), errors = parse(*entries, objects=[mine])
    assert errors == []
    assert (job.ref.api_version, thing.ref.api_version) == ("batch/v1", "example.com/v1")
    assert (job.ref.namespace, job.status) == ("lab", "True")


def test_mistakes_are_named():
    _, errors = parse(
        {"kind": "Thing", "name": "x", "value": "1", "condition": "Ready", "deleted": True}
    )
    assert len(errors) == 3
    assert "wait_for[0].api_version" in errors[0]
