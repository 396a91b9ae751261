"""The workload module on the real cluster: what a fake API cannot prove."""

from __future__ import annotations

import json
import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import MERGE
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops import undo as kube_rollout
from support.module_runner import run_module
from support.on_cluster import APP, BAD_IMAGE, IMAGE, good, until


def versions(client, namespace):
    found = {}
    for path in (
        f"/apis/apps/v1/namespaces/{namespace}/deployments",
        f"/api/v1/namespaces/{namespace}/services",
    ):
        for item in client.list_all(path)[0]:
            found[path, item["metadata"]["name"]] = item["metadata"]["generation"] if "generation" in item[
                "metadata"
            ] else item["metadata"]["resourceVersion"]  # fmt: skip
    return found


def test_serves_scales_and_is_idempotent(run, client):
    apps = [{**APP, "name": name, "replicas": 2} for name in ("one", "two")]
    first = good(run("workload", apps=apps))
    assert first["counts"] == {"created": 4}
    assert all("answered 200" in entry["answers"][0] for entry in first["apps"])
    before = versions(client, run.namespace)
    second = good(run("workload", apps=apps))
    assert not second["changed"] and second["writes"] == 0
    assert versions(client, run.namespace) == before
    scaled = good(run("workload_scale", name="one", replicas="+2"))
    assert scaled["workloads"][0]["after"] == 4
    info = good(run("workload_info", name="one"))["workloads"][0]
    assert sum(pod["ready"] for pod in info["pods"]) == 4
    assert all(pod["node"] for pod in info["pods"])

    def addresses():
        look = good(run("workload_info", name="one"))["workloads"][0]
        return look["services"][0]["ready_addresses"]

    # the EndpointSlice follows the pods, which a scaling waits for
    until(addresses, lambda ready: ready == 4)


def test_every_short_form_is_accepted_and_stays_unchanged(run):
    batch = {"image": IMAGE, "command": ["/agnhost", "help"]}
    apps = [
        {
            **APP,
            "name": "full",
            "config": {"app.conf": "a = b\n"},
            "config_mount": "/etc/app",
            "secrets": {"PASSWORD": "correct-horse"},
            "env": {"NODE": {"field": "spec.nodeName"}, "DEBUG": True},
            "volumes": [{"name": "tmp", "mount": "/tmp", "empty_dir": True}],
            "resources": {"requests": {"cpu": "1m", "memory": "8Mi"}, "limits": {"memory": "64Mi"}},
            "update_strategy": {"max_surge": 1, "max_unavailable": 0},
            "disruption_budget": {"min_available": 1},
            "autoscale": {"max": 2, "cpu": 90},
            "ingress": {"host": "full.example.com"},
            "spread": ["kubernetes.io/hostname"],
        },
        {**APP, "name": "ordered", "kind": "StatefulSet", "replicas": 2},
        {**APP, "name": "everywhere", "kind": "DaemonSet"},
        {**batch, "name": "once", "kind": "Job"},
        {**batch, "name": "nightly", "kind": "CronJob", "schedule": "0 3 * * *"},
    ]
    first = good(run("workload", apps=apps))
    assert "correct-horse" not in json.dumps(first)
    assert not good(run("workload", apps=apps))["changed"]
    assert not good(run("workload", check=True, apps=apps))["changed"]
    gone = good(run("workload", state="absent", apps=[{"name": app["name"]} for app in apps]))
    assert gone["counts"] == {"deleted": first["counts"]["created"]}


def test_bad_image_is_explained_and_rolled_back_while_the_old_version_answers(run, client):
    app = {**APP, "name": "web", "replicas": 2}
    good(run("workload", **app))
    path = f"/api/v1/namespaces/{run.namespace}/services/web:tcp-80/proxy/"
    stop, asked, failed = threading.Event(), [0], []

    def ask():
        while not stop.wait(0.02):
            asked[0] += 1
            try:
                client.raw("GET", path, 5).read()
            except KubeError as error:
                failed.append(str(error))

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        result = run(
            "workload", **{**app, "image": BAD_IMAGE}, on_failure="rollback", fail_after={"pull": 1}
        )
    finally:
        stop.set()
        asker.join()
    assert result["failed"] and result["failures"][0]["reason"] in (
        "ErrImagePull",
        "ImagePullBackOff",
    )
    assert result["failures"][0]["events"]
    assert "the earlier state is rolled out" in result["msg"]
    assert result["waited"]["seconds"] < 30
    assert asked[0] > 20 and not failed
    assert not good(run("workload", **app))["changed"]


@pytest.mark.parametrize(
    ("app", "reason", "text"),
    [
        ({"env": {"A": {"config": "nope", "key": "k"}}}, "CreateContainerConfigError", "nope"),
        ({"command": ["/nothere"]}, "RunContainerError|StartError", "no such file"),
        ({"resources": {"requests": {"memory": "900Gi"}}}, "Unschedulable", "Insufficient memory"),
        (
            {
                "command": [
                    "/agnhost",
                    "stress",
                    "--mem-alloc-size",
                    "50Mi",
                    "--mem-total",
                    "500Mi",
                ],
                "resources": {"limits": {"memory": "20Mi"}},
                "min_ready_seconds": 5,
            },
            "OOMKilled",
            "137",
        ),
        ({"probes": {"readiness": {"http": "/", "port": 9, "period": 1}}}, "Unhealthy", "refused"),
    ],
)
def test_causes(run, app, reason, text):
    result = run(
        "workload",
        **{**APP, "name": "sick", "probes": None, **app},
        fail_after={"schedule": 1, "probe": 5},
        wait_timeout=60,
    )
    failure = result["failures"][0]
    assert failure["reason"] in reason.split("|") and text in failure["message"]
    assert failure["events"] and failure["next_step"]
    assert result["waited"]["seconds"] < 45


def test_quota_is_named(run, client):
    quota = {"metadata": {"name": "small"}, "spec": {"hard": {"pods": "1"}}}
    path = f"/api/v1/namespaces/{run.namespace}/resourcequotas"
    client.post(path, quota)
    # it counts once its controller has seen it
    until(
        lambda: client.get(f"{path}/small").get("status", {}).get("hard"),
        lambda hard: hard == {"pods": "1"},
    )
    result = run("workload", **APP, name="web", replicas=2, fail_after={"create": 1})
    assert result["failed"] and "exceeded quota: small" in result["msg"]


def test_stateful_set_gets_out_of_a_broken_revision(run):
    app = {**APP, "name": "db", "kind": "StatefulSet", "replicas": 2}
    good(run("workload", **app))
    broken = run("workload", **{**app, "image": BAD_IMAGE}, fail_after={"pull": 1})
    assert broken["failed"]
    again = good(run("workload", **app, fail_after={"pull": 1}))
    assert again["changed"] and again["unblocked"] == ["db-1"]
    broken = {**app, "image": BAD_IMAGE, "fail_after": {"pull": 1}}
    back = run("workload", **broken, on_failure="rollback")
    assert back["failed"] and back["rollback"]["done"] and back["unblocked"] == ["db-1"]


def test_a_pod_that_a_stateful_set_waits_for_is_named_and_stays(run):
    app = {**APP, "name": "db", "kind": "StatefulSet"}
    assert run("workload", **{**app, "image": BAD_IMAGE}, fail_after={"pull": 1})["failed"]
    good(run("workload", **app, wait="applied"))
    status = run("workload_rollout", name="db", action="status", fail_after={"pull": 1})
    assert status["failed"] and "unblocked" not in status
    assert "pod db-0 of an older revision is not ready" in status["msg"]
    assert "next: delete this pod" in status["msg"]


def test_rollout_history_undo_restart(run):
    app = {**APP, "name": "web"}
    good(run("workload", **app))
    good(run("workload", **app, env={"VERSION": "2"}))
    history = good(run("workload_rollout", name="web", action="history"))["history"]
    assert [entry["current"] for entry in history] == [False, True]
    undone = good(run("workload_rollout", name="web", action="undo"))
    assert undone["changed"] and undone["status"]["done"] and undone["revision"] == 3
    assert good(run("workload_rollout", name="web", action="restart"))["changed"]
    assert good(run("workload", **app))["counts"] == {"unchanged": 2}


def test_undo_minds_what_others_did_since_it_looked(run, client):
    app = {**APP, "name": "web"}
    good(run("workload", **app))
    good(run("workload", **app, env={"VERSION": "2"}))
    path = f"/apis/apps/v1/namespaces/{run.namespace}/deployments/web"
    looked = client.get(path)
    client.patch(path, {"spec": {"replicas": 2}}, MERGE)
    undone, revision = kube_rollout.undo(client, path, looked, 0, False)
    assert revision == 1 and "VERSION" not in str(undone["spec"]["template"])
    with pytest.raises(KubeError, match="Deployment .*/web: another client declared another"):
        kube_rollout.undo(client, path, looked, 0, False)


def test_exec_and_logs(run):
    good(run("workload", **APP, name="web"))
    answer = good(run("workload_exec", name="web", argv=["/agnhost", "--version"]))
    assert answer["rc"] == 0 and "version" in answer["stdout"]
    failed = run("workload_exec", name="web", argv=["/agnhost", "no-such-command"])
    assert failed["failed"] and failed["rc"] == 1 and "unknown command" in failed["msg"]
    logs = good(run("workload_logs", name="web", grep="healthz", tail=1000))
    assert logs["lines"] and all("healthz" in line for line in logs["lines"])


def test_prune_by_applyset(run):
    apps = [{**APP, "name": name} for name in ("keep", "drop")]
    task = {"applyset": "shop", "prune": True, "wait": "rolled_out"}
    good(run("workload", apps=apps, **task))
    pruned = good(run("workload", apps=apps[:1], **task))
    assert pruned["counts"] == {"unchanged": 2, "pruned": 2}


def test_node_is_drained_with_respect_for_budgets(run, client, kubeconfig):
    nodes = [n["metadata"]["name"] for n in client.list_all("/api/v1/nodes")[0]]
    assert len(nodes) > 1
    good(run("workload", **APP, name="web", replicas=2, disruption_budget={"min_available": 1},
             spread=["kubernetes.io/hostname"]))  # fmt: skip
    # the system's own pods need not move for a test
    node = next(name for name in nodes if not _has_system_pods(client, name))
    options = {"kubeconfig": kubeconfig, "name": node}
    try:
        drained = good(run_module("node", state="drained", wait_timeout=90, **options))
        assert not drained["node"]["schedulable"]
        pods = good(run("workload_info", name="web"))["workloads"][0]["pods"]
        assert all(pod["node"] != node for pod in pods if pod["phase"] == "Running")
        assert not good(run_module("node", state="drained", **options))["changed"]
    finally:
        opened = good(run_module("node", state="schedulable", **options))
    assert opened["node"]["schedulable"]


def _has_system_pods(client, node):
    pods, _ = client.list_all("/api/v1/pods", fieldSelector=f"spec.nodeName={node}")
    return any(
        pod["metadata"]["namespace"] == "kube-system"
        and not any(o["kind"] in ("DaemonSet", "Node") for o in pod["metadata"].get("ownerReferences") or [])
        for pod in pods
    )  # fmt: skip


def test_cluster_info(kubeconfig):
    cluster = run_module("cluster_info", kubeconfig=kubeconfig)
    assert cluster["reachable"] and cluster["ready"] and len(cluster["nodes"]) >= 2
