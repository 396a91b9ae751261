"""Releases of charts: hooks, definitions, pruning, removal, values that a chart makes up, takeover from helm.

The action plugin renders charts with the real helm (acceptance tests). Here its result is written down.
"""

from __future__ import annotations

import base64
import gzip
import json

import pytest
import yaml

from support.kube_fake import FakeApi, instant_jobs, instant_rollout
from support.module_runner import run_module

DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: coupons.shop.example.com}
spec:
  group: shop.example.com
  scope: Namespaced
  names: {kind: Coupon, plural: coupons}
"""


def config(name, annotations=None, **data):
    metadata = {"name": name, **({"annotations": annotations} if annotations else {})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def deployment(image="web:1", checksum="1"):
    labels = {"app": "web"}
    template = {
        "metadata": {"labels": labels, "annotations": {"checksum": checksum}},
        "spec": {"containers": [{"name": "web", "image": image}]},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": template},
    }


def hook(name, event, weight=0, policy="", kind="Job", image="job:1"):
    annotations = {"helm.sh/hook": event, "helm.sh/hook-weight": str(weight)}
    if policy:
        annotations["helm.sh/hook-delete-policy"] = policy
    if kind == "ConfigMap":
        return config(name, annotations, hook=event)
    pod = {"containers": [{"name": "main", "image": image}], "restartPolicy": "Never"}
    return {
        "apiVersion": "batch/v1" if kind == "Job" else "v1",
        "kind": kind,
        "metadata": {"name": name, "annotations": annotations},
        "spec": {"template": {"metadata": {"labels": {"job": name}}, "spec": pod}}
        if kind == "Job"
        else pod,
    }


def source(*objects):
    return {"text": yaml.safe_dump_all(objects), "source": "shop/templates/all.yaml"}


@pytest.fixture
def api():
    with FakeApi() as fake:
        fake.reactions += [instant_rollout, instant_jobs]
        yield fake


def deploy(api, *templates, digest="a", mode="install", task=None, **more):
    """Run the task of a chart that was rendered to these objects, or to sources."""
    given = [one if "text" in one else source(one) for one in templates]
    helm = {"release": "web", "chart": "shop", "version": "1.2.0", "digest": digest, "mode": mode}
    helm |= {"adopt": False, "definitions": [], "templates": given, **more}
    options = {"applyset": "release.web", "prune": True, "wait_timeout": 10, **(task or {})}
    return run_module("workload", host=api.url, manifests=[{"helm": helm}], **options)


def remove(api, *templates, **more):
    return deploy(api, *templates, task={"state": "absent", "prune": False}, **more)


def created(api):
    """Names of what was written, in order."""
    return [path.split("?")[0].split("/")[-1] for method, path in api.writes if method == "PATCH"]


FULL = (
    hook("late", "pre-install,pre-upgrade", 5),
    hook("early", "pre-install,pre-upgrade", -5, kind="ConfigMap"),
    config("settings", greeting="hello"),
    deployment(),
    hook("done", "post-install,post-upgrade", policy="hook-succeeded"),
    hook("bye", "pre-delete"),
    hook("probe", "test-success", kind="Pod"),
)
CRDS = [{"text": DEFINITION, "source": "shop/crds/coupons.yaml"}]


def test_definitions_then_hooks_by_weight_then_objects(api):
    result = deploy(api, *FULL, definitions=CRDS)
    order = created(api)
    wanted = ["coupons.shop.example.com", "early", "late", "settings", "web", "done", "probe"]
    assert [name for name in order if name != "release.web"] == wanted
    assert [(one["event"], one["name"]) for one in result["hooks"]] == [
        ("pre-install", "early"), ("pre-install", "late"), ("post-install", "done"), ("test", "probe"),
    ]  # fmt: skip
    assert result["changed"] and result["release"] == {
        "name": "web", "namespace": "default", "chart": "shop", "version": "1.2.0", "operation": "install",
    }  # fmt: skip
    assert api.get("jobs", "late") and not api.get("jobs", "done"), "its policy deletes it"
    assert not api.get("jobs", "bye")


def test_a_key_that_a_template_gives_twice_has_its_last_value_as_with_helm(api):
    text = yaml.safe_dump(config("settings", mode="slow")) + "data: {mode: fast}\n"
    result = deploy(api, {"text": text, "source": "shop/templates/settings.yaml"})
    assert api.get("configmaps", "settings")["data"] == {"mode": "fast"}
    assert "settings.yaml: key 'data' is given twice" in json.dumps(result["warnings"])


def test_second_run_changes_and_writes_nothing(api):
    deploy(api, *FULL, definitions=CRDS)
    written = len(api.writes)
    result = deploy(api, *FULL, definitions=CRDS)
    assert not result["changed"] and result["release"]["operation"] == ""
    assert len(api.writes) == written and "hooks" not in result


def test_drift_is_repaired_without_hooks(api):
    deploy(api, *FULL)
    api.update("configmaps", "settings", lambda o: o["data"].update(greeting="edited"))
    result = deploy(api, *FULL)
    assert result["changed"] and "hooks" not in result
    assert api.get("configmaps", "settings")["data"] == {"greeting": "hello"}


def test_an_upgrade_runs_its_hooks_and_prunes_what_the_chart_no_longer_has(api):
    kept = config("kept", {"helm.sh/resource-policy": "keep"})
    deploy(api, *FULL, config("old"), kept, definitions=CRDS)
    uid = api.get("jobs", "late")["metadata"]["uid"]
    result = deploy(api, *FULL[:-2], digest="b", mode="upgrade")
    events = [(one["event"], one["name"]) for one in result["hooks"]]
    assert events == [("pre-upgrade", "early"), ("pre-upgrade", "late"), ("post-upgrade", "done")]
    assert api.get("jobs", "late")["metadata"]["uid"] != uid, "deleted before it is created again"
    assert [one["name"] for one in result["objects"] if one["action"] == "pruned"] == ["old"]
    assert result["kept"] == ["ConfigMap default/kept"] and api.get("configmaps", "kept")
    assert api.get("customresourcedefinitions", "coupons.shop.example.com", ""), "never deleted"
    assert api.get("pods", "probe"), "hooks are no members"


def test_a_failed_hook_stops_the_release_and_the_next_run_begins_again(api):
    api.broken.add("job:1")
    failing = (hook("late", "pre-install", policy="hook-failed"), config("settings"))
    result = deploy(api, *failing)
    assert result["failed"] and result["msg"].startswith("hook pre-install: ")
    assert not api.get("configmaps", "settings")
    assert not api.get("jobs", "late"), "hook-failed deletes it"
    api.broken.clear()
    again = deploy(api, *failing)
    assert again["release"]["operation"] == "install" and api.get("configmaps", "settings")


def test_a_failed_hook_stays_for_its_logs_by_default(api):
    api.broken.add("job:1")
    deploy(api, hook("late", "post-install"), config("settings"), task={"on_failure": "rollback"})
    assert api.get("jobs", "late")
    assert not api.get("configmaps", "settings"), "rolled back"


def test_a_pod_as_a_hook_must_succeed(api):
    api.broken.add("job:1")
    result = deploy(api, hook("probe", "pre-install", kind="Pod"))
    assert result["failed"] and "hook pre-install: Pod default/probe failed" in result["msg"]


def test_a_hook_never_replaces_an_object_of_another_client(api):
    api.put(
        "configmaps", {**config("early"), "metadata": {"name": "early", "namespace": "default"}}
    )
    result = deploy(api, *FULL)
    assert result["failed"] and "was not created by a hook of the release web" in result["msg"]
    assert "data" in api.get("configmaps", "early") and not api.get("configmaps", "settings")


def test_check_mode_names_the_hooks_and_writes_nothing(api):
    def check(*templates, **more):
        given = [source(one) for one in templates]
        helm = {
            "release": "web",
            "chart": "shop",
            "version": "1.2.0",
            "digest": "a",
            "adopt": False,
        }
        helm |= {"mode": "install", "definitions": CRDS, "templates": given, **more}
        options = {"applyset": "release.web", "prune": True, "host": api.url}
        return run_module("workload", check=True, manifests=[{"helm": helm}], **options)

    result = check(*FULL)
    assert result["changed"] and len(result["hooks"]) == 4 and not api.writes
    deploy(api, *FULL, definitions=CRDS)
    written = len(api.writes)
    assert not check(*FULL)["changed"]
    assert check(*FULL, digest="b", mode="upgrade")["release"]["operation"] == "upgrade"
    assert len(api.writes) == written


def test_removal_runs_its_hooks_and_keeps_definitions_and_marked_objects(api):
    marked = config("kept", {"helm.sh/resource-policy": "keep"})
    deploy(api, *FULL, definitions=CRDS)
    result = remove(api, *FULL, definitions=CRDS)
    assert result["counts"] == {"deleted": 3}, "two objects and the record"
    assert [one["event"] for one in result["hooks"]] == ["pre-delete"]
    assert api.get("customresourcedefinitions", "coupons.shop.example.com", "")
    assert not api.get("secrets", "release.web") and not api.get("deployments", "web")
    again = remove(api)
    assert not again["changed"]
    deploy(api, *FULL, marked)
    result = remove(api, *FULL)
    assert result["kept"] == ["ConfigMap default/kept"] and api.get("configmaps", "kept")
    assert not remove(api, *FULL)["changed"], "the release has gone"
    assert deploy(api, *FULL)["release"]["operation"] == "install"


def test_removal_needs_no_chart(api):
    deploy(api, *FULL)
    options = {"applyset": "release.web", "state": "absent", "host": api.url}
    result = run_module("workload", manifests=[{"helm": {"release": "web"}}], **options)
    assert result["changed"] and not api.get("configmaps", "settings")


def generated(password, checksum, image="web:1"):
    """Two renderings of a chart that makes up a password."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "Opaque"}
    encoded = base64.b64encode(password.encode()).decode()
    other = base64.b64encode(b"another-one").decode()
    first = source({**secret, "data": {"password": encoded}}, deployment(image, checksum))
    again = source({**secret, "data": {"password": other}}, deployment(image, "other"))
    return {**first, "again": again["text"]}


def test_values_that_a_chart_makes_up_stay(api):
    first = deploy(api, generated("correct-horse", "1"))
    again = deploy(api, generated("battery-staple", "2"))
    assert first["changed"] and not again["changed"]
    assert base64.b64decode(api.get("secrets", "s")["data"]["password"]) == b"correct-horse"
    upgraded = deploy(api, generated("stapled-battery", "3", "web:2"), digest="b", mode="upgrade")
    assert base64.b64decode(api.get("secrets", "s")["data"]["password"]) == b"correct-horse"
    template = api.get("deployments", "web")["spec"]["template"]
    assert template["metadata"]["annotations"]["checksum"] == "3", "also about other values"
    for result in (first, again, upgraded):
        assert not any(word in json.dumps(result) for word in ("correct-h", "battery", "Y29ycmVj"))


def test_content_of_a_chart_is_not_in_the_invocation(api):
    api.broken.add("job:1")
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "stringData": {"k": "abc"},
    }
    result = deploy(api, secret, hook("late", "post-install"))
    assert result["failed"]
    shown = result["invocation"]["module_args"]["manifests"]
    assert shown == [{"helm": {"release": "web", "chart": "shop", "version": "1.2.0", "digest": "a",
                               "mode": "install", "adopt": False}}]  # fmt: skip


def test_a_chart_that_nothing_rendered_is_refused(api):
    helm = {"release": "web", "chart": "./shop"}
    result = run_module("workload", host=api.url, manifests=[{"helm": helm}])
    assert result["failed"] and "rendered by the action plugin" in result["msg"]


def of_helm(api, *objects, revision=1, status="deployed", version="1.2.0"):
    """Put objects as helm would have installed them, with its Secret."""
    owner = {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "default"}
    plurals = {"ConfigMap": "configmaps", "Deployment": "deployments"}
    for obj in objects:
        annotations = {**(obj["metadata"].get("annotations") or {}), **owner}
        metadata = {
            **obj["metadata"],
            "annotations": annotations,
            "labels": {"app.kubernetes.io/managed-by": "Helm"},
        }
        query = {"fieldManager": "helm"}
        name = obj["metadata"]["name"]
        api.apply(plurals[obj["kind"]], "default", name, {**obj, "metadata": metadata}, query)
    content = {
        "chart": {"metadata": {"name": "shop", "version": version}},
        "manifest": yaml.safe_dump_all(objects, explicit_start=True),
    }
    packed = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(content).encode())))
    api.put("secrets", {
        "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
        "metadata": {"name": f"sh.helm.release.v1.web.v{revision}", "namespace": "default",
                     "labels": {"owner": "helm", "name": "web", "status": status, "version": str(revision)}},
        "data": {"release": packed.decode()},
    })  # fmt: skip


def test_a_release_of_helm_is_refused_and_the_next_step_named(api):
    of_helm(api, config("settings", greeting="hello"))
    result = deploy(api, *FULL)
    assert result["failed"] and "belongs to helm (revision 1)" in result["msg"]
    assert "helm_adopt: true" in result["msg"] and not api.writes


def test_a_release_of_helm_is_taken_over_without_a_restart(api):
    web = deployment()
    of_helm(api, config("settings", greeting="hello"), web, config("old"))
    before = api.get("deployments", "web")
    result = deploy(api, *FULL, adopt=True)
    assert result["release"]["operation"] == "adopt" and "hooks" not in result
    after = api.get("deployments", "web")
    assert after["spec"] == before["spec"] and after["metadata"]["uid"] == before["metadata"]["uid"]
    assert after["metadata"]["generation"] == before["metadata"]["generation"]
    managers = {entry["manager"] for entry in after["metadata"]["managedFields"]}
    assert managers == {"slipway"}
    assert "meta.helm.sh/release-name" not in after["metadata"].get("annotations", {})
    assert not api.get("configmaps", "old"), "the chart no longer has it"
    secret = api.get("secrets", "sh.helm.release.v1.web.v1")
    assert secret["metadata"]["labels"]["owner"] == "slipway", "helm no longer finds it"
    again = deploy(api, *FULL, adopt=True)
    assert not again["changed"]
    remove(api, *FULL)
    assert not api.get("secrets", "sh.helm.release.v1.web.v1")


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"status": "pending-upgrade"}, "is pending-upgrade; nothing was applied"),
        ({"version": "1.1.0"}, "as shop 1.1.0, and the task declares shop 1.2.0"),
    ],
)
def test_a_release_in_another_state_is_not_taken_over(api, state, message):
    of_helm(api, config("settings"), **state)
    result = deploy(api, *FULL, adopt=True)
    assert result["failed"] and message in result["msg"] and not api.writes


def test_objects_of_others_are_not_taken_over(api):
    of_helm(api, config("settings"))
    api.put("deployments", {**deployment(), "metadata": {"name": "web", "namespace": "default"}})
    result = deploy(api, *FULL, adopt=True)
    assert result["failed"] and "Deployment default/web (of no release)" in result["msg"]
    assert not api.writes


def test_a_release_of_helm_is_not_removed(api):
    of_helm(api, config("settings"))
    result = remove(api, *FULL)
    assert result["failed"] and "helm uninstall web --namespace default" in result["msg"]


def test_release_info(api):
    of_helm(api, config("settings"), revision=3)
    found = run_module("release_info", host=api.url, name="web")
    assert found["helm"] == {"revision": 3, "status": "deployed"} and found["release"] is None
    assert found["version"] == "v1.35.1"
    assert {"v1/ConfigMap", "apps/v1", "apps/v1/Deployment"} <= set(found["api_versions"])
    deploy(api, *FULL, adopt=True)
    found = run_module("release_info", host=api.url, name="web")
    assert found["helm"] is None
    assert found["release"] == {
        "chart": "shop",
        "version": "1.2.0",
        "digest": "a",
        "mode": "install",
    }
