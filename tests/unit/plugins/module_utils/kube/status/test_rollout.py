from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import rollout_status

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


def other(kind="Widget", **status):
    return {"kind": kind, "metadata": METADATA, "status": status}


def says(kind, status, message=""):
    return {"type": kind, "status": status, "message": message}


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
        ({"kind": "PersistentVolumeClaim", "metadata": METADATA}, False, "no volume"),
        (other("PersistentVolumeClaim", phase="Bound"), True, "bound"),
        (other("PersistentVolumeClaim", phase="Lost"), False, "lost"),
        (other("PodDisruptionBudget", observedGeneration=1), False, "controller"),
        (other("PodDisruptionBudget", observedGeneration=2), True, "applied"),
        (other(), True, "applied"),
        (other(observedGeneration=1), False, "controller"),
        (other(observedGeneration="1"), False, "controller"),
        (other(observedGeneration="6b8f"), True, "applied"),
        (
            other(conditions=[{**says("Ready", "True"), "observedGeneration": 1}]),
            False,
            "controller",
        ),
        (other(conditions=[says("Ready", "True")]), True, "ready"),
        (other(conditions=[says("Ready", "False", "no disk")]), False, "no disk"),
        (other(conditions=[says("Ready", "Unknown")]), False, "not ready"),
        (other(conditions=[says("Synced", "False")]), True, "applied"),
        (
            other(conditions=[says("Ready", "True"), says("Reconciling", "True", "rolling")]),
            False,
            "rolling",
        ),
        (
            other(conditions=[says("Ready", "True"), says("Stalled", "True", "no source")]),
            False,
            "no source",
        ),
        (other(conditions={"Ready": False}), True, "applied"),
        ({"kind": "Widget", "metadata": METADATA, "status": "fine"}, True, "applied"),
    ],
)
def test_rollout_status(obj, done, text):
    progress = rollout_status(obj)
    assert progress.done is done and text in progress.text


def test_a_declared_pause_is_in_effect():
    fields = {"operation": "Apply", "fieldsV1": {"f:spec": {"f:paused": {}}}}
    obj = {
        "kind": "Deployment", "metadata": {"generation": 1, "managedFields": [fields]},
        "spec": {"paused": True}, "status": {"observedGeneration": 1},
    }  # fmt: skip
    assert rollout_status(obj).done
    obj["metadata"]["managedFields"] = [{**fields, "operation": "Update"}]
    assert not rollout_status(obj).done
