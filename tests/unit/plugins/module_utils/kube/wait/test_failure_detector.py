import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.failure_detector import (
    FailureDetector,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target, TargetSet
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event
from support.kube_fake import Refused


def workload(kind="Deployment", conditions=(), version="apps/v1"):
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "web", "namespace": "default", "uid": "w", "generation": 1},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}},
        "status": {"observedGeneration": 1, "conditions": list(conditions)},
    }


def pod(owner="r", **state):
    metadata = {"uid": "p", "name": "web-1", "namespace": "default", "labels": {"app": "web"}}
    return {
        "metadata": {**metadata, "ownerReferences": [{"uid": owner}] if owner else []},
        "spec": {"containers": [{"name": "app", "image": "i:1"}]},
        "status": {"containerStatuses": [{"name": "app", "state": {}, **state}]},
    }


NOT_FOUND = {"state": {"waiting": {"reason": "ErrImagePull", "message": "i:1: not found"}}}
CRASHED = {
    "restartCount": 4,
    "state": {"waiting": {"reason": "CrashLoopBackOff"}},
    "lastState": {"terminated": {"exitCode": 1}},
}
STUCK = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
QUOTA = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "quota"}


class Case:
    def __init__(self, client, obj, created=True, **thresholds):
        self.targets = TargetSet(Deadline(60))
        ref = ObjectRef(obj["apiVersion"], obj["kind"], "default", "web")
        self.target = Target(ref, obj, created)
        self.targets.add(self.target)
        self.detector = FailureDetector(
            client, FailureThresholds(**thresholds), self.targets, lambda text: None
        )

    def see(self, found):
        self.detector.pods.take_pods(Event(("pods", "default"), "ADDED", found))

    def check(self):
        self.detector.check([self.target])

    def failure(self):
        with pytest.raises(WaitError) as caught:
            self.check()
        return caught.value.failures[0]


@pytest.fixture(autouse=True)
def replica_set(api):
    """The ReplicaSet that the Deployment has made."""
    metadata = {"name": "web-1", "namespace": "default", "uid": "r", "labels": {"app": "web"}}
    owner = [{"kind": "Deployment", "uid": "w"}]
    metadata.update(ownerReferences=owner, annotations={"deployment.kubernetes.io/revision": "1"})
    api.put("replicasets", {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": metadata})


def test_broken_pod_fails_its_workload(client):
    case = Case(client, workload())
    case.check()
    case.see(pod(**NOT_FOUND))
    assert case.detector.is_suspicious
    found = case.failure()
    assert (found["reason"], found["pod"], found["image"]) == ("ErrImagePull", "web-1", "i:1")


def test_pod_of_another_workload_does_not_count(client):
    case = Case(client, workload())
    other = pod(**NOT_FOUND)
    other["metadata"]["labels"] = {"app": "db"}
    case.see(other)
    case.check()


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet"])
@pytest.mark.parametrize("owner", [None, "other"])
def test_a_foreign_pod_with_the_same_labels_does_not_count(client, kind, owner):
    version = "batch/v1" if kind == "Job" else "apps/v1"
    case = Case(client, workload(kind, version=version))
    case.see(pod(owner, **NOT_FOUND))
    case.check()


def test_pods_of_a_new_deployment_count_before_its_status_is_written(client):
    obj = workload()
    obj["status"] = {}
    case = Case(client, obj)
    case.see(pod(**NOT_FOUND))
    assert case.failure()["reason"] == "ErrImagePull"


def test_pods_of_a_new_deployment_count_without_the_right_to_read_revisions(api, client):
    def refuse(method, path):
        if "/replicasets" in path:
            raise Refused(403, "Forbidden", "no")

    api.faults.append(refuse)
    case = Case(client, workload())
    case.see(pod(**NOT_FOUND))
    assert case.failure()["reason"] == "ErrImagePull"


def test_pod_of_an_unknown_revision_does_not_count(client):
    obj = workload()
    obj["metadata"]["generation"] = 2
    case = Case(client, obj, created=False)
    case.see(pod(**NOT_FOUND))
    case.check()


def test_job_replaces_pods_that_crash(client):
    case = Case(client, workload("Job", version="batch/v1"))
    case.see(pod("w", **CRASHED))
    case.check()
    deployment = Case(client, workload())
    deployment.see(pod(**CRASHED))
    assert deployment.failure()["reason"] == "CrashLoopBackOff"


@pytest.fixture
def stateful_set(api):
    """A StatefulSet with a crashing pod of an older revision."""
    revision = {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {
            "name": "web-new",
            "namespace": "default",
            "uid": "c",
            "labels": {"app": "web", "controller-revision-hash": "new"},
            "ownerReferences": [{"kind": "StatefulSet", "uid": "w", "controller": True}],
        },
        "revision": 2,
    }
    api.put("controllerrevisions", revision)
    obj = workload("StatefulSet")
    obj["status"]["updateRevision"] = "new"
    old = pod("w", **CRASHED)
    old["metadata"]["labels"]["controller-revision-hash"] = "old"
    return obj, old


def test_an_old_pod_that_a_stateful_set_waits_for_is_named(client, stateful_set):
    obj, old = stateful_set
    case = Case(client, obj, created=False)
    case.see(old)
    found = case.failure()
    assert (found["reason"], found["pod"]) == ("BlockedByOldPod", "web-1")
    assert "pod web-1 of an older revision is not ready (CrashLoopBackOff)" in found["message"]


def test_an_old_pod_is_no_failure_where_it_is_replaced_at_once(client, stateful_set):
    obj, old = stateful_set
    obj["spec"]["podManagementPolicy"] = "Parallel"
    case = Case(client, obj, created=False)
    case.see(old)
    case.check()


def test_condition_of_the_workload_fails_it(client):
    assert Case(client, workload(conditions=[STUCK])).failure()["reason"] == STUCK["reason"]


def test_condition_of_an_older_generation_does_not_count(client):
    obj = workload(conditions=[STUCK])
    obj["metadata"]["generation"] = 2
    Case(client, obj).check()


def test_refused_pods_are_not_explained_by_a_starting_pod(client):
    case = Case(client, workload(conditions=[QUOTA]), create=0)
    slow = {"state": {"waiting": {"reason": "ErrImagePull", "message": "i/o timeout"}}}
    case.see(pod(**slow))
    found = case.failure()
    assert (found["reason"], found["pod"]) == ("FailedCreate", "")


def test_reason_has_patience(client):
    Case(client, workload(conditions=[QUOTA]), create=60).check()


class Time:
    """The time of the clock of a case."""

    def __init__(self, case):
        self.now = 0.0
        case.detector.pods.clock._now = lambda: self.now


def test_refused_pods_that_were_made_later_are_no_failure(client):
    obj = workload("StatefulSet")
    case = Case(client, obj, create=10)
    time = Time(case)
    refused = {
        "reason": "FailedCreate",
        "message": "quota",
        "involvedObject": {"kind": "StatefulSet", "uid": "w"},
    }
    case.detector.pods.take_events(Event(("events", "default"), "ADDED", refused))
    more = {**obj, "status": {**obj["status"], "replicas": 1}}
    tag = ("workload", "apps/v1", "StatefulSet", "default")
    case.detector.take_objects(Event(tag, "MODIFIED", more))
    time.now = 60
    case.check()
    case.detector.pods.take_events(Event(("events", "default"), "MODIFIED", refused))
    time.now = 69
    case.check()
    time.now = 70
    assert case.failure()["reason"] == "FailedCreate"


def test_a_second_refusal_is_dated_from_its_own_begin(client):
    case = Case(client, workload(conditions=[QUOTA]), create=10)
    time = Time(case)
    tag = ("workload", "apps/v1", "Deployment", "default")
    case.check()
    for now, conditions in ((5, ()), (20, [QUOTA])):
        time.now = now
        case.detector.take_objects(Event(tag, "MODIFIED", workload(conditions=conditions)))
        case.check()
    time.now = 29
    case.check()
    time.now = 30
    assert case.failure()["reason"] == "FailedCreate"


def test_deleted_target_fails(client):
    case = Case(client, workload())
    tag = ("workload", "apps/v1", "Deployment", "default")
    with pytest.raises(WaitError, match="another client deleted it"):
        case.detector.take_objects(Event(tag, "DELETED", workload()))
    case.target.finish(1.0)
    case.detector.take_objects(Event(tag, "DELETED", workload()))


def test_deadline_names_the_best_known_reason(client):
    case = Case(client, workload())
    with pytest.raises(WaitError, match=r"Timeout \(not ready after 3 s\)"):
        case.detector.fail([case.target], " (not ready after 3 s)")
    case.see(pod(state={"terminated": {"exitCode": 1, "reason": "Error"}}))
    with pytest.raises(WaitError, match="the process ended once with exit code 1"):
        case.detector.fail([case.target], "")
