"""Tests of ``kube.apply.rollback``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.rollback import (
    last_good_template,
    previous_manifest,
    restore,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from support.kube_fake import Refused, replica_set
from support.objects import claim_of, deployment


def config(name="x", value="1"):
    return {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "default"}, "data": {"a": value},
    }  # fmt: skip


def applier(client, discovery):
    return Applier(client, discovery, Deadline(5))


def test_changed_objects_are_restored_and_created_ones_are_not_touched(api, client, discovery):
    apply = applier(client, discovery)
    (first,) = apply.apply([config()], {})
    live = {ref_of(config()): {"apiVersion": "v1", "kind": "ConfigMap", **first.after}}
    done = apply.apply([config(value="2"), config("new")], live)
    changes, notes = restore(apply, done)
    assert api.get("configmaps", "x")["data"] == {"a": "1"}
    assert api.get("configmaps", "new")
    assert {note["name"]: note["restored"] for note in notes} == {"x": "as before the task"}
    assert len(changes) == 1


def test_a_claim_that_grew_stays_and_holds_nothing_up(api, client, discovery):
    apply = applier(client, discovery)
    claims = [claim_of("db", "data", size) for size in ("1Gi", "2Gi")]
    before = apply.apply([claims[0], config()], {})
    live = {one.ref: {"apiVersion": "v1", "kind": one.ref.kind, **one.after} for one in before}
    done = apply.apply([claims[1], config(value="2")], live)

    def refuse(method, path):
        if method == "PATCH" and "claims" in path:
            raise Refused(422, "Invalid", "field can not be less than previous value")

    api.faults.append(refuse)
    _, notes = restore(apply, done)
    assert {note["name"]: note["restored"] for note in notes} == {
        "data": "stays, a claim does not shrink",
        "x": "as before the task",
    }
    assert api.get("configmaps", "x")["data"] == {"a": "1"}


def test_only_fields_of_the_task_are_restored():
    fields = {"f:data": {"f:a": {}}}
    owned = [{"manager": "m", "operation": "Apply", "fieldsV1": fields}]
    before = {**config(), "status": {"x": 1}}
    before["metadata"] = {**before["metadata"], "managedFields": owned}
    after = {**config(value="2"), "metadata": before["metadata"]}
    assert previous_manifest(before, after, "m") == config()


def test_the_last_revision_with_ready_pods_is_found(api, client):
    web = deployment()
    for number, ready in ((1, 1), (2, 0), (3, 1)):
        api.put(
            "replicasets",
            {**replica_set(f"web-{number}", number, web), "status": {"readyReplicas": ready}},
        )
    template = last_good_template(client, web)
    assert template["spec"]["containers"][0]["image"] == "web-1"
    assert (
        last_good_template(client, {**web, "metadata": {**web["metadata"], "uid": "other"}}) is None
    )


def test_a_recreated_or_pruned_object_gets_the_fields_of_other_clients_back(api, client, discovery):
    apply = applier(client, discovery)
    former = {**config(), "data": {"a": "1", "of-others": "2"}}
    for action, after in (("recreated", config(value="2")), ("pruned", None)):
        api.remove("configmaps", "x", "default")
        _, (note,) = restore(apply, [ObjectChange(ref_of(former), action, former, after)])
        assert api.get("configmaps", "x")["data"] == former["data"]
        assert note["restored"] == "created again as before the task"


def job(name: str, condition: str) -> dict:
    """Return a Job as the server has it."""
    status = {"conditions": [{"type": condition, "status": "True"}]} if condition else {}
    labels = {"job-name": name}
    return {
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, "namespace": "default"},
        "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}},
        "status": status,
    }  # fmt: skip


def test_a_job_that_had_ended_does_not_run_again(api, client, discovery):
    done = []
    for name, condition, action in (
        ("ended", "Complete", "recreated"),
        ("pruned", "Failed", "pruned"),
        ("running", "", "recreated"),
    ):
        before = job(name, condition)
        after = api.put("jobs", job(name, "")) if action == "recreated" else None
        done.append(ObjectChange(ref_of(before), action, before, after))
    _, notes = restore(applier(client, discovery), done)
    assert {note["name"]: "would run again" in note["restored"] for note in notes} == {
        "ended": True,
        "pruned": True,
        "running": False,
    }
    assert api.get("jobs", "ended") is None and api.get("jobs", "pruned") is None
    assert api.get("jobs", "running")
