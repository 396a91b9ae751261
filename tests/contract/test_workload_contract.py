"""Promises of every run of `workload`: check mode, diff, idempotence, secrets, early failure."""

from __future__ import annotations

import json
import threading
import time

import pytest

from support.kube_fake import Refused, broken_pod, instant_rollout
from support.module_runner import run_module

APP = {"name": "web", "image": "web:1", "ports": ["80:8080"], "replicas": 2}


@pytest.fixture
def api(api):
    api.answers["/api/v1/namespaces/default/services/web%3Atcp-80/proxy/"] = lambda: (200, b"hi")
    return api


def workload(api, **options):
    return run_module("workload", host=api.url, **{"wait_timeout": 10, **options})


def test_declares_waits_and_asks(api):
    result = workload(api, **APP)
    assert result["changed"] and result["counts"] == {"created": 2}
    assert result["apps"][0]["answers"] == ["Service default/web/ answered 200"]
    assert api.get("deployments", "web")["spec"]["replicas"] == 2


def test_second_run_changes_and_writes_nothing(api):
    workload(api, **APP)
    written = len(api.writes)
    result = workload(api, **APP)
    assert not result["changed"]
    assert result["writes"] == 0 and len(api.writes) == written


def test_check_mode_predicts_and_writes_nothing(api):
    predicted = workload(api, check=True, diff=True, **APP)
    assert predicted["changed"] and not api.writes
    assert not api.get("deployments", "web")
    workload(api, **APP)
    written = len(api.writes)
    changed = workload(api, check=True, diff=True, **{**APP, "image": "web:2"})
    assert changed["changed"] and len(api.writes) == written
    fields = changed["objects"][1]["changes"]
    assert fields == [
        {
            "field": "spec.template.spec.containers[web].image",
            "before": "web:1",
            "after": "web:2",
        }
    ]
    assert "web:2" in json.dumps(changed["diff"]["after"])
    assert not workload(api, check=True, **APP)["changed"]


def test_secret_is_never_shown(api):
    first = {**APP, "secrets": {"PASSWORD": "correct-horse"}}
    second = {**APP, "secrets": {"PASSWORD": "battery-staple"}}
    answers = [workload(api, diff=True, **first), workload(api, diff=True, **second)]
    text = json.dumps(answers)
    for hidden in ("correct-horse", "battery-staple", "Y29ycmVjdC1ob3JzZQ", "YmF0dGVyeS1zdGFwbGU"):
        assert hidden not in text
    assert answers[1]["counts"]["configured"] == 2, "the Secret changed, and so the pods roll"
    assert "(hidden, changed)" in text


def test_secret_in_a_manifest_is_never_shown(api):
    manifest = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "stringData": {"k": "correct-horse"},
    }
    result = workload(api, diff=True, manifests=[manifest])
    assert "correct-horse" not in json.dumps(result)
    assert api.get("secrets", "s")["data"] == {"k": "Y29ycmVjdC1ob3JzZQ=="}


def test_number_of_pods_is_left_to_scaling_when_not_declared(api):
    app = {key: value for key, value in APP.items() if key != "replicas"}
    workload(api, **app)
    run_module("workload_scale", host=api.url, name="web", replicas=5, wait=False)
    assert not workload(api, **app)["changed"]
    assert api.get("deployments", "web")["spec"]["replicas"] == 5
    assert workload(api, **{**app, "replicas": 3})["changed"], (
        "what is declared wins over our scaling"
    )
    assert api.get("deployments", "web")["spec"]["replicas"] == 3


def test_conflict_names_field_and_owner_until_forced(api):
    workload(api, **APP)
    path = ("deployments", "default", "web")
    api.update("deployments", "web", lambda o: o["spec"].update(replicas=7))
    api.owners[path][("spec", "replicas")] = {"someone"}
    result = workload(api, **APP)
    assert result["failed"] and ".spec.replicas belongs to someone" in result["msg"]
    assert api.get("deployments", "web")["spec"]["replicas"] == 7
    assert workload(api, force=True, **APP)["changed"]


def test_immutable_field_is_explained_and_recreated_on_request(api):
    workload(api, **APP)
    manifest = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": {"other": "x"}},
            "template": {"metadata": {"labels": {"other": "x"}}, "spec": {"containers": []}},
        },
    }
    result = workload(api, manifests=[manifest], force=True)
    assert result["failed"] and "not possible in place" in result["msg"]
    assert "recreate: true" in result["msg"]
    uid = api.get("deployments", "web")["metadata"]["uid"]
    result = workload(api, manifests=[manifest], force=True, recreate=True, wait="rolled_out")
    assert result["counts"] == {"recreated": 1}
    assert api.get("deployments", "web")["metadata"]["uid"] != uid


def test_missing_namespace_is_explained_or_made(api):
    result = workload(api, namespace="shop", wait="rolled_out", **APP)
    assert result["failed"] and "create_namespace: true" in result["msg"]
    predicted = workload(api, check=True, namespace="shop", create_namespace=True, **APP)
    assert predicted["counts"] == {"created": 3} and not api.get("namespaces", "shop", "")
    result = workload(api, namespace="shop", create_namespace=True, wait="rolled_out", **APP)
    assert result["counts"] == {"created": 3}


def test_absent_removes_all_of_an_application_but_data(api):
    volume = {"name": "data", "mount": "/data", "size": "1Gi"}
    workload(api, config={"a": "b"}, volumes=[volume], **APP)
    workload(api, name="other", image="x:1", wait="none")
    predicted = workload(api, check=True, name="web", state="absent")
    assert predicted["counts"] == {"deleted": 3} and api.get("deployments", "web")
    result = workload(api, name="web", state="absent")
    assert result["counts"] == {"deleted": 3}
    assert result["kept"] == ["PersistentVolumeClaim default/web-data"]
    assert api.get("deployments", "other") and api.get("persistentvolumeclaims", "web-data")
    assert not workload(api, name="web", state="absent")["changed"]
    assert workload(api, name="web", state="absent", remove_data=True)["counts"] == {"deleted": 1}


def test_prune_deletes_only_recorded_members(api):
    api.put(
        "configmaps",
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "mine", "namespace": "default"},
        },
    )
    both = [{"name": "a", "image": "x:1"}, {"name": "b", "image": "x:1"}]
    task = {"applyset": "shop", "prune": True, "wait": "rolled_out"}
    assert workload(api, apps=both, **task)["counts"] == {"created": 2}
    predicted = workload(api, check=True, apps=both[:1], **task)
    assert predicted["counts"] == {"unchanged": 1, "pruned": 1} and api.get("deployments", "b")
    result = workload(api, apps=both[:1], **task)
    assert result["counts"] == {"unchanged": 1, "pruned": 1}
    assert not api.get("deployments", "b") and api.get("configmaps", "mine")
    assert not workload(api, apps=both[:1], **task)["changed"]


def test_restarted_rolls_what_did_not_change(api):
    workload(api, **APP)
    result = workload(api, state="restarted", **APP)
    assert result["changed"] and result["restarted"] == ["Deployment default/web"]
    assert not workload(api, **APP)["changed"], "the next run leaves the mark of the restart alone"


NOT_FOUND = {"state": {"waiting": {"reason": "ErrImagePull", "message": "nope:1: not found"}}}


def test_bad_image_fails_early_and_is_explained(api):
    api.broken.add("web:1")
    api.reactions.append(broken_pod(NOT_FOUND, "Failed", event="Failed to pull image"))
    result = workload(api, wait_timeout=60, **APP)
    assert result["failed"] and result["waited"]["seconds"] < 5
    failure = result["failures"][0]
    assert failure["reason"] == "ErrImagePull" and failure["container"] == "web"
    assert failure["events"][0]["message"] == "Failed to pull image"
    assert "not found" in result["msg"] and "next:" in result["msg"]
    assert result["changed"], "what was applied before is reported"


CREATING = {"state": {"waiting": {"reason": "ContainerCreating"}}}


def test_a_volume_that_is_not_mounted_is_explained(api):
    api.broken.add("web:1")
    api.reactions.append(broken_pod(CREATING, "FailedMount", event="no such volume"))
    result = workload(api, wait_timeout=20, fail_after={"volume": 1}, **APP)
    assert result["failed"] and result["failures"][0]["reason"] == "FailedMount"
    assert "no such volume" in result["msg"] and result["waited"]["seconds"] < 5


@pytest.mark.slow
def test_a_volume_that_was_mounted_at_last_is_no_cause(api):
    api.broken.add("web:1")
    api.reactions.append(broken_pod(CREATING, "FailedMount", event="not registered"))

    def get_on():
        while not api.get("pods", "web-1-abc"):
            time.sleep(0.05)
        running = [{"name": "web", "ready": False, "restartCount": 0, "state": {"running": {}}}]
        api.update("pods", "web-1-abc", lambda pod: pod["status"].update(containerStatuses=running))
        time.sleep(2.5)  # longer than the patience with volumes
        api.broken.clear()
        instant_rollout(api, "MODIFIED", api.get("deployments", "web"))

    threading.Thread(target=get_on, daemon=True).start()
    result = workload(api, wait_timeout=20, fail_after={"volume": 1}, **APP)
    assert not result.get("failed") and result["waited"]["seconds"] > 2


def test_refused_pods_are_not_explained_by_one_that_is_on_its_way(api):
    refused = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
               "message": "exceeded quota: small"}  # fmt: skip

    def refuse(api, kind, obj):
        status = obj.get("status") or {}
        if obj.get("kind") == "Deployment" and status and "conditions" not in status:
            api.update("deployments", "web", lambda o: o["status"].update(conditions=[refused]))

    api.broken.add("web:1")
    api.reactions += [broken_pod(CREATING, "FailedMount", event="not registered"), refuse]
    result = workload(api, wait_timeout=20, fail_after={"create": 1}, **APP)
    assert result["failures"][0]["reason"] == "FailedCreate" and "quota: small" in result["msg"]


def test_rollback_restores_every_object(api):
    first = {**APP, "config": {"A": "old"}}
    workload(api, **first)
    before = {kind: api.get(kind, "web") for kind in ("deployments", "configmaps")}
    api.broken.add("web:2")
    api.reactions.append(broken_pod(NOT_FOUND))
    task = {**APP, "image": "web:2", "config": {"A": "new"}}
    result = workload(api, on_failure="rollback", **task)
    assert result["failed"] and "the earlier state is rolled out" in result["msg"]
    assert result["rollback"]["done"]
    assert api.get("configmaps", "web")["data"] == before["configmaps"]["data"]
    assert api.get("deployments", "web")["spec"] == before["deployments"]["spec"]
    assert not workload(api, **first)["changed"], "what was restored is as it was declared"


def test_rollback_deletes_what_the_task_made(api):
    api.broken.add("web:1")
    api.reactions.append(broken_pod(NOT_FOUND))
    result = workload(api, on_failure="rollback", **APP)
    assert result["failed"] and "deleted 2 that the task had created" in result["msg"]
    assert not api.get("deployments", "web") and not api.get("services", "web")


def test_on_failure_delete_leaves_what_was_there(api):
    workload(api, **APP)
    api.broken.add("bad:1")
    api.reactions.append(broken_pod(NOT_FOUND))
    apps = [APP, {"name": "new", "image": "bad:1"}]
    result = workload(api, apps=apps, on_failure="delete")
    assert result["failed"] and api.get("deployments", "web") and not api.get("deployments", "new")


def test_rbac_denial_names_verb_and_resource(api):
    def deny(method, path):
        if method == "PATCH" and "deployments" in path:
            raise Refused(
                403,
                "Forbidden",
                'User "dev" cannot patch resource "deployments" in API group "apps"',
            )

    api.faults.append(deny)
    result = workload(api, **APP)
    assert result["failed"] and 'cannot patch resource "deployments"' in result["msg"]
    assert result["changed"] and result["counts"] == {"created": 1}, "the Service was made before"


def test_a_node_that_its_kubelet_writes_meanwhile_is_tainted_all_the_same(api):
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "n1", "namespace": ""},
        "spec": {},
    }
    api.put("nodes", node)
    heartbeats = [1, 2]

    def beat(method, path):
        if method == "PATCH" and heartbeats:
            api.update("nodes", "n1", lambda n: n.update(status={"beat": heartbeats.pop()}), "")

    api.faults.append(beat)
    taint = {"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}
    result = run_module("node", host=api.url, name="n1", taints=[taint])
    assert result["changed"] and not heartbeats
    assert api.get("nodes", "n1", "")["spec"]["taints"] == [taint]
    assert not run_module("node", host=api.url, name="n1", taints=[taint])["changed"]


def test_a_look_does_not_wait_for_metrics_that_nobody_serves(api):
    workload(api, **APP)
    asked = []

    def away(method, path):
        if path.startswith("/apis/metrics.k8s.io"):
            asked.append(path)
            raise Refused(503, "ServiceUnavailable", "the server is currently unable to handle it")

    api.faults.append(away)
    look = run_module("workload_info", host=api.url, name="web")
    assert look["workloads"][0]["ready"] and len(asked) == 1
