"""Tests of ``kube.apply.deletion_end``."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import deletion_end
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deletion_end import (
    is_unknown_to_collector,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef

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
        (Resource("apps/v1", "Deployment", "deployments", True), deletion(), RECENTLY, False),
    ],
)
def test_only_recent_definitions_are_unknown(resource, answer, defined, expected):
    assert is_unknown_to_collector(client(defined), resource, answer) is expected


def test_an_account_that_may_not_read_definitions_waits():
    def refuse(path):
        raise ApiError(403, {}, "GET", path)

    assert not is_unknown_to_collector(SimpleNamespace(get_or_none=refuse), THING, deletion())


@pytest.mark.parametrize(("defined", "deletions"), [(RECENTLY, 1), (BEFORE, 0)])
def test_the_collector_is_not_waited_for(monkeypatch, defined, deletions):
    sent, waited = [], []
    monkeypatch.setattr(deletion_end, "wait_until_deleted", lambda *words: waited.append(words))
    answer = deletion()
    answer["metadata"]["uid"] = "u"
    recorder = SimpleNamespace(get_or_none=client(defined).get_or_none)
    recorder.delete = lambda path, body: sent.append((path, body))
    thing = ObjectRef("example.com/v1", "Thing", "shop", "a")
    deletion_end.wait_for_end(recorder, THING, thing, answer, None)
    body = {"propagationPolicy": "Background", "preconditions": {"uid": "u"}}
    expected = ("/apis/example.com/v1/namespaces/shop/things/a", body)
    assert sent == [expected] * deletions and len(waited) == 1
