"""Tests of ``kube.apply.new_kinds``."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.new_kinds import (
    is_unknown_to_collector,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError

THING = Resource("example.com/v1", "Thing", "things", True)
NOW, RECENTLY, BEFORE = (f"2026-01-01T00:{rest}Z" for rest in ("10:00", "09:30", "01:00"))


def deletion(created=RECENTLY, finalizer="foregroundDeletion"):
    metadata = {"creationTimestamp": created, "deletionTimestamp": NOW, "finalizers": [finalizer]}
    return {"metadata": metadata}


def client(created):
    return SimpleNamespace(
        get_or_none=lambda path: {"metadata": {"creationTimestamp": created}} if created else None
    )


@pytest.mark.parametrize(
    ("resource", "answer", "defined", "expected"),
    [
        (THING, deletion(), RECENTLY, True),
        (THING, deletion(), BEFORE, False),
        (THING, deletion(), None, False),
        (THING, deletion(BEFORE), RECENTLY, False),
        (THING, deletion(finalizer="example.com/own"), RECENTLY, False),
        (THING, {"status": "Success"}, RECENTLY, False),
        (THING, None, RECENTLY, False),
        (Resource("apps/v1", "Deployment", "deployments", True), deletion(), RECENTLY, False),
    ],
)
def test_only_recent_definitions_are_unknown(resource, answer, defined, expected):
    assert is_unknown_to_collector(client(defined), resource, answer) is expected


def test_an_account_that_may_not_read_definitions_waits():
    def refuse(path):
        raise ApiError(403, {}, "GET", path)

    assert not is_unknown_to_collector(SimpleNamespace(get_or_none=refuse), THING, deletion())
