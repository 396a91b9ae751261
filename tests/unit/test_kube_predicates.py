"""Success, failure and difference, as pure functions of objects."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    extract,
    is_unchanged,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import ansible_diff, changes
from ansible_collections.slipway.lab.plugins.module_utils.kube.drain import filter_pods
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import (
    parse_replicas,
    wanted,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    AT_ONCE,
    FailureThresholds,
    containers_starting,
    event_failure_reason,
    pod_failure_reason,
    pull_is_final,
    workload_failure_reason,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import rollout_status
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ready_addresses,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.pod_tracker import trim_pod
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.node import wanted_taints

METADATA = {"name": "web", "namespace": "d", "generation": 2}
DONE = {
    "observedGeneration": 2,
    "replicas": 3,
    "updatedReplicas": 3,
    "readyReplicas": 3,
    "availableReplicas": 3,
}


def deployment(spec=None, **status):
    return {
        "kind": "Deployment",
        "metadata": METADATA,
        "spec": {"replicas": 3, **(spec or {})},
        "status": {**DONE, **status},
    }


@pytest.mark.parametrize(
    ("obj", "done", "text"),
    [
        (deployment(), True, "3 of 3"),
        (deployment(observedGeneration=1), False, "controller"),
        (deployment(observedGeneration=None) | {"status": {}}, False, "controller"),
        (deployment(updatedReplicas=1), False, "1 of 3 pods are of the new revision"),
        (deployment(replicas=4), False, "1 pods of the old revision"),
        (deployment(replicas=5, updatedReplicas=5), False, "2 pods are to go"),
        (deployment(availableReplicas=2), False, "2 of 3 pods are available"),
        (deployment({"paused": True}), False, "paused"),
        (
            deployment({"replicas": 0}, replicas=0, updatedReplicas=0, availableReplicas=0),
            True,
            "0",
        ),
        (
            {**deployment(), "metadata": {**METADATA, "deletionTimestamp": "now"}},
            False,
            "being deleted",
        ),
        (
            {
                "kind": "StatefulSet",
                "metadata": METADATA,
                "spec": {"replicas": 3, "updateStrategy": {"type": "OnDelete"}},
                "status": {
                    **DONE,
                    "updatedReplicas": 0,
                    "currentRevision": "a",
                    "updateRevision": "b",
                },
            },
            True,
            "3 of 3",
        ),
        (
            {
                "kind": "StatefulSet",
                "metadata": METADATA,
                "spec": {"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 2}}},
                "status": {
                    **DONE,
                    "updatedReplicas": 1,
                    "currentRevision": "a",
                    "updateRevision": "b",
                },
            },
            True,
            "3 of 3",
        ),
        (
            {
                "kind": "StatefulSet",
                "metadata": METADATA,
                "spec": {"replicas": 3},
                "status": {
                    **DONE,
                    "updatedReplicas": 1,
                    "currentRevision": "a",
                    "updateRevision": "b",
                },
            },
            False,
            "1 of 3 pods are of the new revision",
        ),
        (
            {
                "kind": "DaemonSet",
                "metadata": METADATA,
                "spec": {},
                "status": {
                    "observedGeneration": 2,
                    "desiredNumberScheduled": 2,
                    "updatedNumberScheduled": 2,
                    "numberAvailable": 1,
                },
            },
            False,
            "1 of 2",
        ),
        ({"kind": "Job", "metadata": METADATA, "spec": {}, "status": {}}, False, "0 of 1"),
        (
            {
                "kind": "Job",
                "metadata": METADATA,
                "spec": {},
                "status": {"conditions": [{"type": "Complete", "status": "True"}]},
            },
            True,
            "complete",
        ),
        ({"kind": "ConfigMap", "metadata": METADATA}, True, "applied"),
    ],
)
def test_rolled_out(obj, done, text):
    progress = rollout_status(obj)
    assert progress.done is done and text in progress.text


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
def test_only_what_can_not_pass_is_final(message, final):
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
            15,
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
            30,
        ),
    ],
)
def test_cause_of_a_pod(state, reason, patience):
    cause = pod_failure_reason(state, FailureThresholds())
    assert (cause.reason, cause.patience) == (reason, patience)
    assert cause.next_step


@pytest.mark.parametrize(
    "state",
    [
        pod({"reason": "ContainerCreating"}),
        pod({"reason": "PodInitializing"}),
        pod(terminated={"exitCode": 0, "reason": "Completed"}),
        {
            **pod({"reason": "ErrImagePull", "message": "not found"}),
            "metadata": {"deletionTimestamp": "x"},
        },
    ],
)
def test_no_cause(state):
    assert pod_failure_reason(state, FailureThresholds()) is None


def test_a_running_process_that_crashed_before_gets_its_chance():
    state = pod(last=CRASHED, restarts=5)
    state["status"]["containerStatuses"][0]["state"] = {"running": {}}
    assert pod_failure_reason(state, FailureThresholds()).patience is None


def test_cause_of_a_workload():
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


FIELDS = {
    "f:spec": {
        "f:replicas": {},
        "f:selector": {},
        "f:containers": {'k:{"name":"c"}': {".": {}, "f:name": {}, "f:image": {}}},
        "f:finalizers": {'v:"a"': {}},
    }
}
CONFIG = {
    "apiVersion": "v1",
    "kind": "X",
    "metadata": {"name": "n"},
    "spec": {
        "replicas": 1,
        "selector": {"a": "b"},
        "containers": [{"name": "c", "image": "i"}],
        "finalizers": ["a"],
    },
}


def live(**spec):
    containers = [{"name": "other"}, {"name": "c", "image": "i", "added": "by the server"}]
    return {
        "apiVersion": "v1",
        "kind": "X",
        "metadata": {
            "name": "n",
            "managedFields": [{"manager": "m", "operation": "Apply", "fieldsV1": FIELDS}],
        },
        "spec": {**CONFIG["spec"], "containers": containers, "finalizers": ["x", "a"], **spec},
        "status": {"replicas": 5},
    }


def test_equal_to_what_was_applied_is_unchanged():
    assert is_unchanged(CONFIG, live(), "m")


@pytest.mark.parametrize(
    ("config", "obj", "manager"),
    [
        (CONFIG, live(), "another"),
        (CONFIG, live(replicas=2), "m"),
        (CONFIG, live(selector={"a": "b", "c": "d"}), "m"),
        (CONFIG, live(containers=[{"name": "c", "image": "j"}]), "m"),
        (CONFIG, live(containers=[]), "m"),
        (CONFIG, live(finalizers=["x"]), "m"),
        ({**CONFIG, "spec": {**CONFIG["spec"], "more": 1}}, live(), "m"),
        ({**CONFIG, "spec": {"replicas": 1}}, live(), "m"),
        ({**CONFIG, "metadata": {"name": "n", "labels": {"a": "b"}}}, live(), "m"),
    ],
)
def test_any_difference_may_be_a_change(config, obj, manager):
    assert not is_unchanged(config, obj, manager)


def test_extract_gives_back_the_declaration():
    assert extract(live(), FIELDS) == CONFIG


def test_changes_are_named_by_field_and_list_member():
    before = {"kind": "X", "spec": {"c": [{"name": "a", "image": "1"}], "n": [1, 2]}}
    after = {"kind": "X", "spec": {"c": [{"name": "a", "image": "2"}], "n": [1]}}
    assert changes(before, after) == [
        {"field": "spec.c[a].image", "before": "1", "after": "2"},
        {"field": "spec.n[1]", "before": 2, "after": None},
    ]


def test_diff_of_a_secret_shows_that_and_not_what():
    before = {"kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "MQ==", "b": "Mg=="}}
    after = {"kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "MQ==", "b": "Mw=="}}
    shown = ansible_diff([(before, after)])["after"]["Secret s"]["data"]
    assert shown == {"a": "(hidden)", "b": "(hidden, changed)"}


@pytest.mark.parametrize(
    ("value", "before", "after"), [(5, 1, 5), ("7", 1, 7), ("+2", 1, 3), ("-5", 3, 0), ("0", 4, 0)]
)
def test_replicas(value, before, after):
    assert wanted(parse_replicas(value), before) == after


def test_ready_addresses_count_the_larger_family():
    def part(family, *ready):
        endpoints = [{"addresses": ["x"], "conditions": {"ready": r}} for r in ready]
        return {"addressType": family, "endpoints": endpoints}

    assert ready_addresses([part("IPv4", True, False), part("IPv4", True), part("IPv6", True)]) == 2
    assert ready_addresses([]) == 0


def test_drain_leaves_and_refuses():
    def one(name, owner="", **spec):
        owners = [{"kind": owner, "name": "o", "controller": True}] if owner else []
        metadata = {"name": name, "namespace": "d", "ownerReferences": owners}
        return {"metadata": metadata, "spec": spec, "status": {"phase": "Running"}}

    local = {"volumes": [{"emptyDir": {}}]}
    pods = [
        one("ds", "DaemonSet"),
        one("alone"),
        one("web", "ReplicaSet"),
        one("tmp", "ReplicaSet", **local),
    ]
    evict, kept, refused = filter_pods(pods, {"force": False, "delete_empty_dir": False})
    assert [p["metadata"]["name"] for p in evict] == ["web"]
    assert "DaemonSet o" in kept[0] and len(refused) == 2
    evict, _, refused = filter_pods(pods, {"force": True, "delete_empty_dir": True})
    assert len(evict) == 3 and not refused


def test_taints_change_only_what_is_named():
    now = [{"key": "a", "effect": "NoSchedule"}, {"key": "b", "effect": "NoExecute"}]
    declared = [{"key": "b", "state": "absent"}, {"key": "c", "value": "1", "effect": "NoSchedule"}]
    assert wanted_taints(now, declared) == [
        now[0],
        {"key": "c", "value": "1", "effect": "NoSchedule"},
    ]


def test_of_ten_thousand_listed_pods_only_those_that_are_awaited_are_kept_whole():
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


def pull_event(message):
    return {
        "reason": "Failed",
        "message": message,
        "involvedObject": {"kind": "Pod", "uid": "1", "fieldPath": "spec.containers{web}"},
    }


def test_an_event_tells_a_failed_pull_before_the_status_does():
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


def test_other_failed_events_are_no_cause():
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
def test_a_pod_is_under_way_once_its_node_is_past_volumes_and_network(state, past):
    for kind in ("containerStatuses", "initContainerStatuses"):
        assert containers_starting({"status": {kind: [{"name": "web", "state": state}]}}) is past
    assert not containers_starting({})
