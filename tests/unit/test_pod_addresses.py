"""Tests of the addresses and nodes in a watch."""

from ansible_collections.slipway.lab.plugins.module_utils.measure.pod_timeline import report


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


def test_a_slice_that_is_deleted_serves_nobody():
    seen = report(
        [pod(0, "a", True, listed=True), piece(0, "a", listed=True), piece(3, "a", gone=True)]
    )
    assert seen["serving"] == [[0, 1], [3, 0]]
    assert seen["pods"][0]["unserved"] == 3


def test_nodes_are_told_when_they_change():
    rows = [{"at": at, "of_node": "two", "ready": ready, "listed": False} for at, ready in
            ((0, True), (10, True), (50, False), (90, True))]  # fmt: skip
    assert report(rows, origin=10)["nodes"] == {"two": [[-10, 1], [40, 0], [80, 1]]}
