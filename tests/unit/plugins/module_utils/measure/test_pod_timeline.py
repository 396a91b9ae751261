"""Tests of ``measure.pod_timeline``."""

from ansible_collections.slipway.lab.plugins.module_utils.measure.pod_timeline import (
    quantiles,
    recoveries,
    report,
)


def row(at, pod, ready=True, listed=False, **more):
    entry = {"node": "n", "started": ready, "restarts": 0, "deleting": False, "gone": False, **more}
    return {"at": at, "pod": pod, "ready": ready, "listed": listed, **entry}


def test_a_killed_pod_is_replaced():
    seen = report(
        [
            row(10, "a", listed=True),
            row(10, "b", listed=True),
            row(12, "a", ready=False, gone=True),
            row(12.1, "c", ready=False, node=""),
            row(12.2, "c", ready=False),
            {"at": 12.3, "event": "Pulled", "about": "c", "listed": False},
            row(13, "c"),
        ]
    )
    assert seen["ready"] == [[0.0, 2], [2.0, 1], [3.0, 2]]
    assert seen["least"] == 1
    lives = {pod["name"]: pod for pod in seen["pods"]}
    assert lives["a"]["created"] is None and lives["a"]["gone"] == 2.0
    new = lives["c"]
    assert (new["created"], new["bound"], new["pulled"], new["ready"]) == (2.1, 2.2, 2.3, 3.0)


def test_news_of_a_pod_that_was_there_before_are_not_its_birth():
    seen = report([row(0, "a", listed=True), row(1, "a", ready=False), row(2, "a", restarts=1)])
    (pod,) = seen["pods"]
    assert pod["created"] is None and pod["ready"] is None
    assert pod["restarted"] == [2]


def test_times_count_from_the_moment_that_is_asked_for():
    assert report([row(10, "a", listed=True), row(12, "a", ready=False)], origin=11)["ready"] == [
        [-1, 1],
        [1, 0],
    ]


def test_recovery_ends_when_all_are_back():
    ready = [[0, 4], [1, 3], [3, 4], [10, 3], [10.5, 2], [14, 4]]
    assert recoveries(ready, 4, [0.9, 5, 9.9, 10.4, 20]) == [2.1, 0.0, 4.1, 3.6, 0.0]


def test_a_missing_recovery_is_longer_than_all():
    times = recoveries([[0, 2], [1, 1]], 2, [0.5, 2])
    assert times == [None, None]
    assert quantiles([1.0, None]) == {"recovery_p50": 1.0, "recovery_p95": None}
    assert recoveries([[0, 2]], 2, []) == []
    assert quantiles([]) == {"recovery_p50": None, "recovery_p95": None}


def pod(at, name, ready, listed=False, **more):
    return {
        "at": at, "pod": name, "node": "one", "started": ready, "ready": ready, "restarts": 0,
        "deleting": False, "gone": False, "listed": listed, **more,
    }  # fmt: skip


def piece(at, *pods, listed=False, gone=False):
    return {"at": at, "slice": "web-1", "pods": list(pods), "listed": listed, "gone": gone}


def test_addresses_have_moments_and_those_that_were_there_have_none():
    seen = report(
        [
            pod(0, "old", True, listed=True),
            piece(0, "old", listed=True),
            pod(1, "new", True),
            piece(1.5, "old", "new"),
            pod(2, "old", True, deleting=True),
            piece(2.25, "new"),
            pod(5, "old", False, deleting=True, gone=True),
        ]
    )
    old, new = seen["pods"]
    assert (new["ready"], new["served"], new["unserved"]) == (1, 1.5, None)
    assert (old["created"], old["ready"]) == (None, None)
    assert (old["served"], old["ended"], old["unserved"], old["gone"]) == (None, 2, 2.25, 5)
    assert seen["serving"] == [[0, 1], [1.5, 2], [2.25, 1]]


def test_a_deleted_slice_serves_no_pod():
    seen = report(
        [pod(0, "a", True, listed=True), piece(0, "a", listed=True), piece(3, "a", gone=True)]
    )
    assert seen["serving"] == [[0, 1], [3, 0]]
    assert seen["pods"][0]["unserved"] == 3


def test_nodes_are_reported_when_they_change():
    rows = [{"at": at, "of_node": "two", "ready": ready, "listed": False} for at, ready in
            ((0, True), (10, True), (50, False), (90, True))]  # fmt: skip
    assert report(rows, origin=10)["nodes"] == {"two": [[-10, 1], [40, 0], [80, 1]]}
