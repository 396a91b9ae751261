from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.status import failures
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    AT_ONCE,
    FailureThresholds,
    containers_starting,
    event_failure_reason,
    pod_failure_reason,
    pull_is_final,
    workload_failure_reason,
)


@pytest.mark.parametrize(
    ("message", "final"),
    [
        ("docker.io/library/nope:1: not found", True),
        ("pull access denied, repository does not exist or may require authorization", True),
        ("unexpected status: 401 Unauthorized", True),
        ("dial tcp: lookup registry.example.com: no such host", False),
        ("net/http: TLS handshake timeout", False),
        ("received unexpected HTTP status: 503 Service Unavailable", False),
        ("toomanyrequests: You have reached your pull rate limit", False),
        ("connection reset by peer", False),
        ("", False),
    ],
)
def test_only_a_refused_image_is_final(message, final):
    assert pull_is_final(message) is final


def pod(waiting=None, terminated=None, last=None, restarts=0, **status):
    state = {"waiting": waiting} if waiting else {"terminated": terminated} if terminated else {}
    container = {"name": "c", "restartCount": restarts, "state": state}
    if last:
        container["lastState"] = {"terminated": last}
    return {
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "image": "i:1"}]},
        "status": {"containerStatuses": [container], **status},
    }


CRASHED = {"exitCode": 1, "reason": "Error"}


@pytest.mark.parametrize(
    ("state", "reason", "patience"),
    [
        (pod({"reason": "ErrImagePull", "message": "x: not found"}), "ErrImagePull", AT_ONCE),
        (pod({"reason": "ImagePullBackOff", "message": "timeout"}), "ImagePullBackOff", 60),
        (pod({"reason": "InvalidImageName"}), "InvalidImageName", AT_ONCE),
        (pod({"reason": "CreateContainerConfigError"}), "CreateContainerConfigError", 5),
        (
            pod({"reason": "CrashLoopBackOff"}, last=CRASHED, restarts=1),
            "CrashLoopBackOff",
            AT_ONCE,
        ),
        (pod({"reason": "CrashLoopBackOff"}, last=CRASHED), "CrashLoopBackOff", None),
        (pod(terminated=CRASHED), "Error", None),
        (
            pod(
                {"reason": "CrashLoopBackOff"},
                last={"exitCode": 137, "reason": "OOMKilled"},
                restarts=3,
            ),
            "OOMKilled",
            AT_ONCE,
        ),
        (
            pod(
                conditions=[
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": "0/2",
                    }
                ]
            ),
            "Unschedulable",
            None,
        ),
        (
            pod(
                conditions=[
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": "unbound immediate PersistentVolumeClaims",
                    }
                ]
            ),
            "PersistentVolumeClaimPending",
            None,
        ),
    ],
)
def test_reason_of_a_pod(state, reason, patience):
    cause = pod_failure_reason(state, FailureThresholds())
    assert (cause.reason, cause.patience) == (reason, patience)
    assert cause.next_step


@pytest.mark.parametrize(
    "state",
    [
        pod({"reason": "ContainerCreating"}),
        pod({"reason": "PodInitializing"}),
        pod(terminated={"exitCode": 0, "reason": "Completed"}),
        pod(
            {"reason": "ContainerCreating"},
            last={"exitCode": 137, "reason": "ContainerStatusUnknown"},
            restarts=3,
        ),
        {
            **pod({"reason": "ErrImagePull", "message": "not found"}),
            "metadata": {"deletionTimestamp": "x"},
        },
    ],
)
def test_pod_without_a_failure(state):
    assert pod_failure_reason(state, FailureThresholds()) is None


def test_running_process_that_crashed_before_is_no_failure_yet():
    state = pod(last=CRASHED, restarts=5)
    state["status"]["containerStatuses"][0]["state"] = {"running": {}}
    assert pod_failure_reason(state, FailureThresholds()).patience is None


def test_reason_of_a_workload():
    stuck = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
    quota = {
        "type": "ReplicaFailure",
        "status": "True",
        "reason": "FailedCreate",
        "message": "quota",
    }
    assert (
        workload_failure_reason({"status": {"conditions": [stuck]}}, FailureThresholds()).patience
        == AT_ONCE
    )
    assert (
        workload_failure_reason({"status": {"conditions": [quota]}}, FailureThresholds()).message
        == "quota"
    )
    assert workload_failure_reason({"status": {}}, FailureThresholds()) is None


def pull_event(message):
    return {
        "reason": "Failed",
        "message": message,
        "involvedObject": {"kind": "Pod", "uid": "1", "fieldPath": "spec.containers{web}"},
    }


def test_event_reports_a_failed_pull_before_the_status_does():
    cause = event_failure_reason(
        pull_event('Failed to pull image "web:9": failed to resolve: web:9: not found'),
        FailureThresholds(),
    )
    assert (cause.reason, cause.container, cause.image) == ("ErrImagePull", "web", "web:9")
    assert cause.patience == AT_ONCE
    slow = event_failure_reason(
        pull_event('Failed to pull image "web:9": i/o timeout'), FailureThresholds(pull=7)
    )
    assert slow.patience == 7


def test_other_failed_events_are_ignored():
    assert event_failure_reason(pull_event("Error: ErrImagePull"), FailureThresholds()) is None


@pytest.mark.parametrize(
    ("state", "past"),
    [
        ({}, False),
        ({"waiting": {"reason": "ContainerCreating"}}, False),
        ({"waiting": {"reason": "PodInitializing"}}, False),
        ({"waiting": {"reason": "ErrImagePull"}}, True),
        ({"running": {}}, True),
        ({"terminated": {"exitCode": 1}}, True),
    ],
)
def test_containers_start_once_the_node_is_past_volumes_and_network(state, past):
    for kind in ("containerStatuses", "initContainerStatuses"):
        assert containers_starting({"status": {kind: [{"name": "web", "state": state}]}}) is past
    assert not containers_starting({})


@pytest.mark.parametrize("phase", ["Failed"])
def test_a_pod_of_its_own_that_failed_is_final(phase):
    state = {"terminated": {"exitCode": 3, "reason": "Error"}}
    pod = {
        "kind": "Pod", "metadata": {"name": "once"}, "spec": {"containers": [{"name": "once"}]},
        "status": {"phase": phase, "containerStatuses": [{"name": "once", "state": state}]},
    }  # fmt: skip
    found = failures.workload_failure_reason(pod, failures.FailureThresholds())
    assert (found.patience, "exit code 3" in found.message) == (failures.AT_ONCE, True)
    evicted = {**pod, "status": {"phase": phase, "reason": "Evicted", "message": "disk"}}
    assert (
        failures.workload_failure_reason(evicted, failures.FailureThresholds()).reason == "Evicted"
    )


def test_a_pause_by_another_client_fails_and_a_declared_one_does_not():
    paused = {
        "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"paused": True},
        "status": {"observedGeneration": 1},
    }  # fmt: skip
    found = failures.workload_failure_reason(paused, failures.FailureThresholds())
    assert found.reason == "Paused" and "resume" in found.message
    unseen = {**paused, "status": {}}
    assert failures.workload_failure_reason(unseen, failures.FailureThresholds()) is None


def says(kind, status, reason):
    return {"type": kind, "status": status, "reason": reason}


@pytest.mark.parametrize(
    ("kind", "status", "reason"),
    [
        ("Widget", {"conditions": [says("Stalled", "True", "BadSource")]}, "BadSource"),
        ("Widget", {"conditions": [says("Stalled", "False", "BadSource")]}, None),
        (
            "Widget",
            {"conditions": [{**says("Stalled", "True", "BadSource"), "observedGeneration": 1}]},
            None,
        ),
        ("Widget", {"conditions": [says("Failed", "True", "Often")]}, None),
        ("Job", {"conditions": [says("Failed", "True", "Often")]}, "Often"),
        ("PersistentVolumeClaim", {"phase": "Lost"}, "Lost"),
        ("PersistentVolumeClaim", {"phase": "Pending"}, None),
    ],
)
def test_other_kinds_fail_by_their_status(kind, status, reason):
    metadata = {"name": "a", "generation": 2}
    obj = {"kind": kind, "metadata": metadata, "spec": {"paused": True}, "status": status}
    found = failures.workload_failure_reason(obj, failures.FailureThresholds())
    assert (found and found.reason) == reason and (not found or found.patience == failures.AT_ONCE)


def test_crashes_before_a_long_run_are_history():
    ended = {
        "exitCode": 1, "reason": "Error",
        "startedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:20:00Z",
    }  # fmt: skip
    state = {"name": "web", "restartCount": 5, "state": {"terminated": ended}}
    pod = {
        "metadata": {},
        "spec": {"containers": [{"name": "web"}]},
        "status": {"containerStatuses": [state]},
    }
    found = failures.pod_failure_reason(pod, failures.FailureThresholds())
    assert (found.patience, "ended once" in found.message) == (None, True)
    state["state"] = {"terminated": {**ended, "finishedAt": "2026-01-01T00:00:09Z"}}
    assert (
        failures.pod_failure_reason(pod, failures.FailureThresholds()).patience == failures.AT_ONCE
    )
