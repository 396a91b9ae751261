"""Each module on the real cluster: check mode writes nothing, the diff tells, a second run changes nothing."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import MERGE
from support.module_runner import run_module
from support.on_cluster import APP, BAD_IMAGE, IMAGE, good, until
from support.playbook import Playbook


@pytest.fixture
def web(run):
    """An application that serves."""
    good(run("workload", **APP, name="web"))
    return {"name": "web"}


@pytest.fixture
def replicas(run, client):
    def read(name="web", kind="deployments"):
        path = f"/apis/apps/v1/namespaces/{run.namespace}/{kind}/{name}"
        return client.get(path)["spec"].get("replicas")

    return read


def predicted_then_done(run, module, **options):
    """Check mode, the real run, and a second one; the results of the first two."""
    predicted = good(run(module, check=True, diff=True, **options))
    done = good(run(module, diff=True, **options))
    assert predicted["changed"] and done["changed"]
    assert predicted["diff"]["before"] == done["diff"]["before"] != done["diff"]["after"]
    again = good(run(module, diff=True, **options))
    assert not again["changed"]
    return predicted, done


def test_workload_predicts_shows_and_repeats(run, web, client):
    path = f"/apis/apps/v1/namespaces/{run.namespace}/deployments/web"
    before = client.get(path)["metadata"]["generation"]
    update = {**APP, **web, "env": {"VERSION": "2"}}
    predicted = good(run("workload", check=True, diff=True, **update))
    assert predicted["counts"] == {"configured": 1, "unchanged": 1}
    assert client.get(path)["metadata"]["generation"] == before
    _, done = predicted_then_done(run, "workload", **update)
    fields = [change["field"] for entry in done["objects"] for change in entry["changes"]]
    assert fields and all("env" in field for field in fields)
    gone = good(run("workload", check=True, state="absent", **web))
    assert gone["changed"] and client.get_or_none(path)
    assert good(run("workload", state="absent", **web))["changed"]
    assert not good(run("workload", state="absent", **web))["changed"]


def test_a_job_comes_before_an_application_of_several_containers(run, client):
    """A Job, an init container and a sidecar, in this order, and pods that a restricted namespace admits."""
    labels = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}
    client.patch(f"/api/v1/namespaces/{run.namespace}", labels, MERGE)
    shell = {
        "image": IMAGE,
        "pod_security": "restricted",
        "pod_security_context": {"runAsUser": 1000},
    }
    migrate = {**shell, "name": "migrate", "kind": "Job", "backoff_limit": 0}
    web = {
        **APP,
        **shell,
        "name": "web",
        "after": ["migrate"],
        "config": {"greeting": "hello"},
        "volumes": [{"name": "pages", "empty_dir": True}],
        "init_containers": [
            {
                "name": "prepare",
                "command": ["/agnhost", "mounttest", "--new_file_0644=/out/page"],
                "mounts": [{"volume": "pages", "path": "/out"}],
            },
            {
                "name": "proxy",
                "sidecar": True,
                "command": ["/agnhost", "netexec", "--http-port=9090", "--udp-port=9091"],
                "ports": [9090],
                "probes": {"startup": {"http": "/healthz", "period": 1}},
            },
        ],
        "containers": [
            {
                "name": "helper",
                "command": ["/agnhost", "netexec", "--http-port=9100", "--udp-port=9101"],
                "mounts": [{"volume": "pages", "path": "/pages", "read_only": True}],
                "env_from": [{"config_map": "web", "prefix": "WEB_"}],
                "hooks": {"pre_stop": {"sleep": 1}},
            }
        ],
        "overlay": {"Deployment": {"spec": {"template": {"spec": {"enableServiceLinks": False}}}}},
    }
    broken = {
        "apps": [web, {**migrate, "command": ["/agnhost", "no-such-command"]}],
        "wait_timeout": 120,
    }
    failed = run("workload", on_failure="delete", **broken)
    assert failed["failed"] and f"Deployment {run.namespace}/web" in failed["not_applied"]
    path = f"/apis/apps/v1/namespaces/{run.namespace}/deployments/web"
    assert client.get_or_none(path) is None
    job = f"/apis/batch/v1/namespaces/{run.namespace}/jobs/migrate"
    until(lambda: client.get_or_none(job), lambda found: found is None)
    task = {"apps": [web, {**migrate, "command": ["/agnhost", "help"]}], "wait_timeout": 120}
    done = good(run("workload", **task))
    assert [app["name"] for app in done["apps"]] == ["migrate", "web"]
    assert all(app["restricted"] for app in done["pod_security"]) and not done.get("warnings")
    completed = client.get(job)["status"]["completionTime"]
    assert completed <= client.get(path)["metadata"]["creationTimestamp"]
    argv = ["/agnhost", "mounttest", "--file_content=/pages/page"]
    seen = good(run("workload_exec", name="web", container="helper", argv=argv))
    assert "mount-tester new file" in seen["stdout"]
    logs = good(run("workload_logs", name="web", all_containers=True))["logs"]
    assert {one["container"] for one in logs} == {"web", "helper", "proxy", "prepare"}
    assert not any(one.get("problem") for one in logs)
    seen = good(run("workload_exec", name="web", container="proxy", argv=["/agnhost", "help"]))
    assert "Usage" in seen["stdout"]
    assert not good(run("workload", **task))["changed"]
    less = [{**web, "containers": None, "init_containers": None, "volumes": None}, task["apps"][1]]
    good(run("workload", **{**task, "apps": less}))
    spec = client.get(path)["spec"]["template"]["spec"]
    assert [one["name"] for one in spec["containers"]] == ["web"]
    assert not spec.get("initContainers") and not spec.get("volumes")
    assert not good(run("workload", **{**task, "apps": less}))["changed"]


def test_scale_to_zero_and_back(run, web, replicas):
    predicted = good(run("workload_scale", check=True, diff=True, **web, replicas=0))
    assert predicted["changed"] and replicas() == 1
    _, done = predicted_then_done(run, "workload_scale", **web, replicas=0)
    assert done["workloads"][0]["before"] == 1 and replicas() == 0
    assert done["diff"]["after"] == {f"Deployment {run.namespace}/web": {"replicas": 0}}
    back = good(run("workload_scale", **web, replicas=2, current_replicas=0))
    assert back["workloads"][0]["state"] and replicas() == 2
    refused = run("workload_scale", **web, replicas=5, current_replicas=1)
    assert refused["failed"] and "but it has 2" in refused["msg"] and replicas() == 2


def test_scale_many_by_selector(run, replicas):
    apps = [
        {**APP, "name": "one", "labels": {"team": "a"}},
        {**APP, "name": "two", "kind": "StatefulSet", "labels": {"team": "a"}},
    ]
    good(run("workload", apps=apps))
    done = good(run("workload_scale", selector="team=a", replicas="+1"))
    assert {entry["after"] for entry in done["workloads"]} == {2}
    assert replicas("one") == replicas("two", "statefulsets") == 2


def test_autoscaler_is_declared_and_respected(run, web, replicas, client):
    scaler = {
        "min": 1,
        "max": 3,
        "cpu": 80,
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": 60}},
    }
    path = f"/apis/autoscaling/v2/namespaces/{run.namespace}/horizontalpodautoscalers"
    assert good(run("workload_scale", check=True, **web, autoscale=scaler))["changed"]
    assert not client.list_all(path)[0]
    assert good(run("workload_scale", **web, autoscale=scaler))["changed"]
    assert not good(run("workload_scale", **web, autoscale=scaler))["changed"]
    spec = client.list_all(path)[0][0]["spec"]
    assert spec["maxReplicas"] == 3
    assert spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 60
    refused = run("workload_scale", **web, replicas=2)
    assert refused["failed"] and "HorizontalPodAutoscaler" in refused["msg"] and replicas() == 1
    assert good(run("workload_scale", **web, replicas=2, allow_autoscaled=True))["changed"]


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_rollout_of_each_kind(run, kind):
    place = {"name": "app", "kind": kind}
    good(run("workload", **APP, **place))
    good(run("workload", **APP, **place, env={"VERSION": "2"}))
    status = good(run("workload_rollout", **place))
    assert not status["changed"] and status["status"]["done"] and status["revision"] == 2
    history = good(run("workload_rollout", **place, action="history"))
    assert not history["changed"] and [entry["current"] for entry in history["history"]] == [
        False,
        True,
    ]
    predicted = good(
        run("workload_rollout", check=True, diff=True, **place, action="undo", to_revision=1)
    )
    assert predicted["changed"] and predicted["revision"] == 2 and predicted["diff"]
    undone = good(run("workload_rollout", diff=True, **place, action="undo", to_revision=1))
    assert undone["changed"] and undone["status"]["done"]
    current = next(entry for entry in undone["history"] if entry["current"])
    again = good(run("workload_rollout", **place, action="undo", to_revision=current["revision"]))
    assert not again["changed"]
    assert good(run("workload_rollout", check=True, **place, action="restart"))["changed"]


def test_rollout_pause_and_resume(run, web):
    predicted_then_done(run, "workload_rollout", **web, action="pause")
    refused = run("workload_rollout", **web, action="undo")
    assert refused["failed"] and "resume it first" in refused["msg"]
    predicted_then_done(run, "workload_rollout", **web, action="resume")


def test_info_of_a_sick_application(run):
    run("workload", **{**APP, "image": BAD_IMAGE}, name="sick", fail_after={"pull": 1})
    found = good(run("workload_info", check=True, selector="app.kubernetes.io/name=sick"))
    assert not found.get("changed")
    look = found["workloads"][0]
    assert look["events"] and look["pods"][0]["node"] and not look["pods"][0]["ready"]


def test_exec_with_input_and_in_all_pods(run, web, kubeconfig):
    good(run("workload_scale", **web, replicas=2))
    everywhere = good(run("workload_exec", **web, argv=["/agnhost", "--version"], all=True))
    assert len({entry["pod"] for entry in everywhere["results"]}) == 2
    fed = run_module(
        "workload_exec", kubeconfig=kubeconfig, namespace="kube-system", name="kube-proxy",
        argv=["sh", "-c", "read -r line; echo got $line"], stdin="a word\n",
    )  # fmt: skip
    assert good(fed)["stdout"] == "got a word\n"


@pytest.fixture
def tools(run, client):
    """A pod with a shell, tar and cat: those of the image of kube-proxy, which every node has."""
    path = "/api/v1/namespaces/kube-system/pods"
    proxies, _ = client.list_all(path, labelSelector="k8s-app=kube-proxy")
    command = ["sh", "-c", "trap exit TERM; sleep 3600 & wait"]
    image = proxies[0]["spec"]["containers"][0]["image"]
    good(run("workload", name="tools", image=image, command=command))
    found = good(run("workload_info", name="tools"))["workloads"][0]
    return found["pods"][0]["name"]


def test_k8s_cp_copies_files_with_the_same_options(run, tools, kubeconfig, tmp_path):
    """Copy files with kubernetes.core, which Slipway leaves to it."""
    content = bytes(range(256)) * 100
    (tmp_path / "sent").write_bytes(content)
    playbook = Playbook(tmp_path, kubeconfig=str(kubeconfig), namespace=run.namespace)
    place = {"pod": tools, "remote_path": "/tmp/copied"}
    sent = {**place, "state": "to_pod", "local_path": str(tmp_path / "sent")}
    assert good(playbook.run("kubernetes.core.k8s_cp", **sent))["changed"]
    size = good(playbook.run("workload_exec", pod=tools, argv=["wc", "-c", "/tmp/copied"]))
    assert size["stdout"].split()[0] == str(len(content))
    back = {**place, "state": "from_pod", "local_path": str(tmp_path / "back")}
    assert good(playbook.run("kubernetes.core.k8s_cp", **back))["changed"]
    assert (tmp_path / "back").read_bytes() == content


def test_logs_of_many_pods(run, web):
    good(run("workload_scale", **web, replicas=2))
    logs = good(run("workload_logs", check=True, **web, since="10m", grep="(?i)started"))
    assert not logs.get("changed") and len({entry["pod"] for entry in logs["logs"]}) == 2


def test_node_is_cordoned_labelled_and_tainted(run, client, kubeconfig):
    name = client.list_all("/api/v1/nodes")[0][-1]["metadata"]["name"]
    taint = {"key": "slipway.test", "value": "x", "effect": "PreferNoSchedule"}
    options = {"kubeconfig": kubeconfig, "name": name}
    on = {**options, "state": "cordoned", "labels": {"slipway.test": "yes"}, "taints": [taint]}
    off = {
        **options,
        "state": "schedulable",
        "labels": {"slipway.test": None},
        "taints": [{"key": "slipway.test", "state": "absent"}],
    }
    try:
        _, done = predicted_then_done(
            lambda module, **more: run_module(module, **more), "node", **on
        )
        assert done["node"]["schedulable"] is False
        assert done["diff"]["after"]["labels"]["slipway.test"] == "yes"
    finally:
        opened = good(run_module("node", **off))
    assert opened["node"]["schedulable"] and not good(run_module("node", **off))["changed"]


def test_cluster_info_changes_nothing(kubeconfig):
    found = good(run_module("cluster_info", check=True, kubeconfig=kubeconfig))
    assert not found.get("changed") and found["ready"]


# -- who is asking -------------------------------------------------------------------------------------


@pytest.fixture
def connection(kubeconfig):
    """The address and the CA of the API server, without credentials."""
    cluster = yaml.safe_load(Path(kubeconfig).read_text())["clusters"][0]["cluster"]
    data = cluster.get("certificate-authority-data")
    if not data:
        data = base64.b64encode(Path(cluster["certificate-authority"]).read_bytes()).decode()
    return {"server": cluster["server"], "certificate-authority-data": data}


@pytest.fixture
def reader_token(run, client):
    """A token of a user who may only read in the namespace."""
    space = f"/api/v1/namespaces/{run.namespace}"
    client.post(f"{space}/serviceaccounts", {"metadata": {"name": "reader"}})
    client.post(
        f"/apis/rbac.authorization.k8s.io/v1/namespaces/{run.namespace}/rolebindings",
        {
            "metadata": {"name": "reader"},
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": "view",
            },
            "subjects": [{"kind": "ServiceAccount", "name": "reader", "namespace": run.namespace}],
        },
    )
    return client.post(f"{space}/serviceaccounts/reader/token", {"spec": {}})["status"]["token"]


def kubeconfig_of(cluster, user):
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }


def test_a_plugin_gives_the_credentials_and_rbac_is_explained(
    run, connection, reader_token, tmp_path
):
    """An exec plugin, as clouds have them, of a user who may only read."""
    answer = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": reader_token},
    }
    plugin = tmp_path / "plugin"
    plugin.write_text(f"#!{sys.executable}\nprint({json.dumps(answer)!r})\n")
    plugin.chmod(0o700)
    user = {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": str(plugin),
            "interactiveMode": "Never",
        }
    }
    login = {"kubeconfig": kubeconfig_of(connection, user)}
    good(run("workload", **APP, name="web"))
    assert good(run("workload_info", **login, name="web"))["workloads"][0]["pods"]
    denied = run("workload", **login, **APP, name="other")
    assert denied["failed"] and not denied["changed"]
    for word in ("reader", "cannot patch resource", "services"):
        assert word in denied["msg"]
    scaled = run("workload_scale", **login, name="web", replicas=3)
    assert scaled["failed"] and 'cannot patch resource "deployments/scale"' in scaled["msg"]
    assert reader_token not in json.dumps([denied, scaled])


@pytest.mark.parametrize("user", [{"token": "no-such-token"}, {}])
def test_refused_credentials_are_explained(run, connection, user):
    refused = run("workload", kubeconfig=kubeconfig_of(connection, user), **APP, name="web")
    assert refused["failed"] and not refused["changed"]
    expected = "401 Unauthorized" if user else 'User "system:anonymous" cannot'
    assert expected in refused["msg"]


def test_conditions_of_any_kind_are_waited_for(run):
    definition = {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"mode": "fast"},
    }  # fmt: skip
    wanted = [
        {"kind": "ConfigMap", "name": "settings", "path": ".data.mode", "value": "fast"},
        {"kind": "Namespace", "name": run.namespace, "path": ".status.phase", "value": "Active"},
        {"kind": "Node", "api_version": "v1", "name": "minikube", "condition": "Ready"},
        {"kind": "Secret", "name": "gone", "deleted": True},
    ]
    told = good(run("workload", manifests=[definition], wait_for=wanted))
    assert [one["met"] for one in told["waited_for"]] == [True] * 4
    wanted = [{"kind": "ConfigMap", "name": "settings", "path": ".data.mode", "value": "slow"}]
    told = run("workload", manifests=[definition], wait_for=wanted, wait_timeout=2)
    assert told["failed"]
    assert ".data.mode is fast" in told["msg"]


def test_objects_of_any_kind_are_read(run):
    good(run("workload", **APP, name="web", secrets={"password": "topsecret"}))
    pods = good(run("objects_info", kind="Pod", field_selector="status.phase=Running"))["objects"]
    assert [pod["metadata"]["namespace"] for pod in pods] == [run.namespace]
    (secret,) = good(run("objects_info", kind="Secret", name="web"))["objects"]
    assert secret["data"] == {"password": "(hidden)"}
    nodes = good(run("objects_info", api_version="v1", kind="Node"))["objects"]
    assert len(nodes) == 2
