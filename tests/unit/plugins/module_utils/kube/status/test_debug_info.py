"""Tests of ``kube.status.debug_info``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.debug_info import (
    EVENTS,
    collect_debug_info,
    event_entry,
    event_time,
    events_of,
    log_tail,
    text,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FailureReason

WEB = ObjectRef("apps/v1", "Deployment", "default", "web")
POD = {"uid": "u", "name": "web-1", "node": "n1", "containers": ["web"], "claims": []}


def event(number, **more):
    subject = {"kind": "Pod", "name": "web-1", "uid": "u"}
    return {
        "kind": "Event", "metadata": {"name": f"e{number}", "namespace": "default"},
        "involvedObject": subject, "reason": f"R{number}", "message": "two\n lines",
        "lastTimestamp": f"2026-11-27T10:00:{number:02d}Z", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"series": {"lastObservedTime": "a"}, "lastTimestamp": "b"}, "a"),
        ({"lastTimestamp": "b", "eventTime": "c"}, "b"),
        ({"eventTime": "c"}, "c"),
        ({"metadata": {"creationTimestamp": "d"}}, "d"),
        ({}, ""),
    ],
)
def test_the_time_of_an_event(fields, expected):
    assert event_time(fields) == expected


def test_an_event_is_one_line():
    found = event_entry(event(1, series={"count": 4, "lastObservedTime": "2026-11-27T10:00:00Z"}))
    assert (found["message"], found["count"], found["object"]) == ("two lines", 4, "Pod/web-1")


def test_the_latest_events_are_returned_oldest_first(api, client):
    for number in range(EVENTS + 3):
        api.put("events", event(number))
    found = [one["reason"] for one in events_of(client, "default", uid="u")]
    assert found == [f"R{number}" for number in range(3, EVENTS + 3)]


def test_facts_of_a_pod_are_collected(api, client):
    api.put("events", event(1))
    cause = FailureReason("ImagePullBackOff", "no\n such image", 0, "web", "web:2")
    found = collect_debug_info(client, WEB, cause, "0 of 1", POD, " for 3 s")
    assert (found["message"], found["pod"], found["image"]) == ("no such image", "web-1", "web:2")
    assert [one["reason"] for one in found["events"]] == ["R1"]
    shown = text(found)
    for words in ("Deployment default/web: ImagePullBackOff for 3 s", "pod web-1", "state: 0 of 1",
                  "R1: two lines", "next: check the image's name"):  # fmt: skip
        assert words in shown


def test_an_object_without_a_pod_has_its_own_events(client):
    cause = FailureReason("FailedCreate", "quota", 0)
    found = collect_debug_info(client, WEB, cause, "", None, "")
    assert (found["pod"], found["events"], found["logs"]) == ("", [], [])
    assert "in " not in text(found).splitlines()[0].split(": ", 1)[0]


def test_the_log_of_a_removed_run_is_that_of_the_next(client, monkeypatch):
    gone = "unable to retrieve container logs for containerd://63"

    def answers(previous, current):
        def read(path, **query):
            return previous if query.get("previous") else current

        monkeypatch.setattr(client, "get_text_once", read)
        return log_tail(client, "default", "web-1", "web", True)

    assert answers("first\n", "second\n") == ["first"]
    assert answers(gone, "second\n") == ["second"]
    assert answers(gone, gone) == []
