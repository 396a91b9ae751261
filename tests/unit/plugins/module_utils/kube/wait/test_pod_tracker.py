from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.pod_tracker import (
    PodTracker,
    trim_pod,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target, TargetSet
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event


def test_only_awaited_pods_of_a_list_are_kept_whole():
    metadata = {
        "uid": "u",
        "name": "p",
        "namespace": "d",
        "labels": {"a": "b"},
        "managedFields": [1],
    }
    spec = {"containers": [{"name": "c"}]}
    pending = {"metadata": metadata, "spec": spec, "status": {"phase": "Pending"}}
    kept = trim_pod(pending)
    assert kept["spec"] == spec and kept["status"] == {"phase": "Pending"}
    assert kept["metadata"] == {k: v for k, v in metadata.items() if k != "managedFields"}
    ready = {**pending, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    assert trim_pod(ready) == {
        "metadata": {"uid": "u", "name": "p"},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }
    leaving = {**pending, "metadata": {**metadata, "deletionTimestamp": "now"}}
    assert "spec" not in trim_pod(leaving)
    assert trim_pod(leaving)["metadata"]["deletionTimestamp"] == "now"


def listed(uid="p", waiting=None, ready=False, **metadata):
    state = {"waiting": waiting} if waiting else {"running": {}}
    return {
        "metadata": {"uid": uid, "name": f"pod-{uid}", "namespace": "lab", **metadata},
        "spec": {"containers": [{"name": "app", "image": "i"}], "nodeName": "n1"},
        "status": {
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [{"name": "app", "state": state}],
        },
    }


def warning(uid="p", reason="FailedMount", kind="Pod"):
    about = {"kind": kind, "uid": uid}
    return {"reason": reason, "message": "text", "involvedObject": about}


def pods(kind, *found):
    return Event(("pods", "lab"), kind, list(found) if kind == "LIST" else found[0])


def warnings(kind, *found):
    return Event(("events", "lab"), kind, list(found) if kind == "LIST" else found[0])


CREATING = {"reason": "ContainerCreating"}
PULL = {"reason": "ErrImagePull", "message": "i/o timeout"}


@pytest.fixture
def targets():
    return TargetSet(Deadline(60))


@pytest.fixture
def tracker(targets):
    return PodTracker(FailureThresholds(), targets)


def test_reason_of_a_pod_comes_and_goes_with_its_status(tracker):
    tracker.take_pods(pods("ADDED", listed(waiting=PULL)))
    assert tracker.clock.reason("p").reason == "ErrImagePull"
    tracker.take_pods(pods("MODIFIED", listed(waiting=CREATING)))
    assert tracker.clock.reason("p") is None
    assert tracker.get("p")["node"] == "n1"


def test_ready_pod_is_forgotten(tracker):
    tracker.take_pods(pods("ADDED", listed(waiting=PULL)))
    tracker.take_pods(pods("MODIFIED", listed(ready=True)))
    assert tracker.get("p") is None
    assert not tracker.clock


def test_deleted_and_missing_pods_are_forgotten(tracker):
    tracker.take_pods(pods("LIST", listed("p", PULL), listed("q", PULL)))
    tracker.take_pods(pods("DELETED", listed("p")))
    assert (tracker.get("p"), tracker.clock.uids()) == (None, ["q"])
    tracker.take_pods(pods("LIST"))
    assert not tracker.clock


def test_reason_of_an_event_stays_while_the_status_has_none(tracker):
    tracker.take_pods(pods("ADDED", listed(waiting=CREATING)))
    tracker.take_events(warnings("ADDED", warning()))
    tracker.take_pods(pods("MODIFIED", listed(waiting=CREATING)))
    assert tracker.clock.reason("p").reason == "FailedMount"


def test_trouble_before_containers_is_over_once_they_start(tracker):
    tracker.take_pods(pods("ADDED", listed(waiting=CREATING)))
    tracker.take_events(warnings("ADDED", warning()))
    tracker.take_pods(pods("MODIFIED", listed()))
    assert not tracker.clock
    tracker.take_events(warnings("ADDED", warning()))
    assert not tracker.clock


def test_event_before_its_pod_is_kept(tracker):
    tracker.take_events(warnings("ADDED", warning()))
    assert not tracker.clock
    tracker.take_pods(pods("ADDED", listed(waiting=CREATING)))
    assert tracker.clock.reason("p").reason == "FailedMount"


def test_events_about_other_objects_are_ignored(tracker):
    tracker.take_events(warnings("ADDED", warning("x", kind="Node")))
    tracker.take_events(warnings("ADDED", warning("x", reason="Whatever")))
    assert not tracker.clock


@pytest.mark.parametrize(
    ("created", "kind", "counts"),
    [(True, "LIST", True), (False, "LIST", False), (False, "ADDED", True)],
)
def test_old_event_counts_only_for_a_created_target(tracker, targets, created, kind, counts):
    obj = {"kind": "StatefulSet", "metadata": {"uid": "t"}, "spec": {}, "status": {}}
    targets.add(Target(ObjectRef("apps/v1", "StatefulSet", "lab", "db"), obj, created))
    tracker.take_events(warnings(kind, warning("t", "FailedCreate", "StatefulSet")))
    assert bool(tracker.clock) is counts
