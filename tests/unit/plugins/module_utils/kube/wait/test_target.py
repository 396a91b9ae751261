import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target, TargetSet
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event

TAG = ("workload", "apps/v1", "Deployment", "lab")


def deployment(name="web", ready=1, uid="1"):
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "lab", "uid": uid, "generation": 1},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}},
        "status": {
            "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1,
            "availableReplicas": ready,
        },
    }  # fmt: skip


def target(name="web", **settings):
    obj = deployment(name, ready=0, uid=f"uid-{name}")
    return Target(ObjectRef("apps/v1", "Deployment", "lab", name), obj, **settings)


def test_rolled_out_target_is_finished():
    one = target()
    one.observe(deployment(ready=0), 1.0)
    assert one.is_open
    one.observe(deployment(), 2.5)
    assert not one.is_open
    assert one.result() == {
        "kind": "Deployment",
        "namespace": "lab",
        "name": "web",
        "state": "1 of 1 pods are available",
        "seconds": 2.5,
        "answers": [],
    }


def test_target_with_probes_waits_for_them():
    one = target(probes=[object()])
    one.observe(deployment(), 2.5)
    assert one.status.done
    assert one.is_open


POD = {"namespace": "lab", "uid": "p", "labels": {"app": "web"}, "owners": ["set"]}


@pytest.mark.parametrize(
    ("pod", "owned"),
    [
        (POD, True),
        ({**POD, "labels": {"app": "db"}}, False),
        ({**POD, "namespace": "other"}, False),
        ({**POD, "owners": []}, False),
    ],
)
def test_pods_of_a_deployment_have_its_labels_and_a_controller(pod, owned):
    assert target().owns(pod) is owned


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet", "Job", "ReplicaSet"])
def test_pods_of_other_workloads_name_their_owner(kind):
    obj = {**deployment(uid="mine"), "kind": kind}
    one = Target(ObjectRef("apps/v1", kind, "lab", "web"), obj)
    assert one.owns({**POD, "owners": ["mine"]})
    assert not one.owns(POD), "another owner with the same labels"
    assert not one.owns({**POD, "owners": []}), "a bare pod with the same labels"


def test_pod_as_target_is_found_by_uid():
    one = Target(ObjectRef("v1", "Pod", "lab", "web"), {"metadata": {"uid": "p"}})
    assert one.owns({"namespace": "lab", "uid": "p", "labels": {}, "owners": []})
    assert not one.owns({"namespace": "lab", "uid": "q", "labels": {}, "owners": []})


@pytest.fixture
def targets():
    found = TargetSet(Deadline(60))
    for name in ("web", "db"):
        found.add(target(name))
    return found


def names(found):
    return [one.ref.name for one in found]


def test_targets_are_updated_by_name(targets):
    changed, deleted = targets.update(Event(TAG, "MODIFIED", deployment("web")))
    assert (names(changed), names(deleted)) == (["web"], [])
    assert names(targets.open()) == ["db"]
    assert names(targets.all()) == ["web", "db"]


def test_list_without_a_target_reports_its_deletion(targets):
    item = {k: v for k, v in deployment("db").items() if k not in ("apiVersion", "kind")}
    changed, deleted = targets.update(Event(TAG, "LIST", [item, deployment("other")]))
    assert (names(changed), names(deleted)) == (["db"], ["web"])
    assert changed[0].obj["kind"] == "Deployment"


def test_deleted_target_is_reported(targets):
    changed, deleted = targets.update(Event(TAG, "DELETED", deployment("web")))
    assert (names(changed), names(deleted)) == ([], ["web"])


def test_targets_that_cannot_be_watched_are_not_waited_for(targets):
    assert targets.update(Event(TAG, "FAILED", None)) == ([], [])
    assert targets.open() == []
    assert {one.status.text for one in targets.all()} == {"cannot be watched"}


def test_targets_by_uid(targets):
    assert targets.by_uid()["uid-db"].ref.name == "db"


def changed(conditions, observed, replicas=1, generation=2):
    return {
        "kind": "Deployment", "metadata": {"name": "web", "uid": "u", "generation": generation},
        "spec": {"replicas": replicas},
        "status": {"observedGeneration": observed, "conditions": conditions},
    }  # fmt: skip


LATE = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}


def test_conditions_of_an_earlier_declaration_do_not_count():
    ref = ObjectRef("apps/v1", "Deployment", "lab", "web")
    target = Target(ref, changed([LATE], observed=1))
    target.observe(changed([LATE], observed=2), 0)
    assert target.judged["status"]["conditions"] == []
    newer = {**LATE, "lastUpdateTime": "2026-01-01T00:00:00Z"}
    target.observe(changed([newer], observed=2), 0)
    assert target.judged["status"]["conditions"] == [newer]
    # the declaration itself did not change: its condition is about it
    assert Target(ref, changed([LATE], observed=2)).judged["status"]["conditions"] == [LATE]


def test_no_pods_are_wanted_at_zero():
    ref = ObjectRef("apps/v1", "Deployment", "lab", "web")
    assert Target(ref, changed([], 1)).wants_pods
    assert not Target(ref, changed([], 1, replicas=0)).wants_pods


def test_more_pods_than_before_are_noticed():
    ref = ObjectRef("apps/v1", "Deployment", "lab", "web")
    target = Target(ref, changed([], 1))
    more = changed([], 1)
    more["status"]["replicas"] = 1
    target.observe(more, 0)
    assert target.has_more_pods
    target.observe(more, 0)
    assert not target.has_more_pods
