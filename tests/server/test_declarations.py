"""Declarations that only a real API server judges."""

from __future__ import annotations

import json

import pytest

from support.on_cluster import until
from support.rights_scenarios import chart, config

# An emoji, control characters, ends of lines of YAML, and what looks like an escape.
TEXT = "ünïcödé \U0001f389 \x7f\x85\u2028\ufeff \\ud83c\n"


def pod(**container) -> dict:
    return {"containers": [{"name": "web", "image": "web:1", **container}]}


def job(image: str) -> dict:
    spec = {"restartPolicy": "Never", "containers": [{"name": "a", "image": image}]}
    metadata = {"name": "once"}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": {"template": {"spec": spec}},
    }


def claim(size: str) -> dict:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    metadata = {"name": "data"}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec}


def refusal(space, obj: dict) -> str:
    result = space.run("workload", manifests=[obj], wait="applied")
    assert result["failed"], result
    return result["msg"]


def test_any_character_arrives(space):
    space.declare(manifests=[config("texts", text=TEXT)])
    assert space.server.must("GET", f"{space.core}/configmaps/texts")["data"] == {"text": TEXT}
    assert not space.declare(manifests=[config("texts", text=TEXT)])["changed"]
    patched = space.run(
        "objects_patch", kind="ConfigMap", name="texts", patch={"data": {"b": TEXT}}
    )
    assert not patched.get("failed")
    assert space.server.must("GET", f"{space.core}/configmaps/texts")["data"]["b"] == TEXT


@pytest.mark.parametrize(
    ("version", "kind", "served"),
    [
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "autoscaling/v2"),
        ("policy/v1beta1", "PodDisruptionBudget", "policy/v1"),
        ("extensions/v1beta1", "Deployment", "apps/v1"),
        ("v1", "StatefulSet", "apps/v1"),
    ],
)
def test_a_version_that_was_removed_names_the_one_that_is_served(space, version, kind, served):
    obj = {"apiVersion": version, "kind": kind, "metadata": {"name": "old"}, "spec": {}}
    assert f"{served} has this kind; change apiVersion" in refusal(space, obj)


def test_a_change_that_needs_a_new_object_names_the_field_without_noise(space):
    space.declare(manifests=[job("a:1"), claim("1Gi")], wait="applied")
    text = refusal(space, job("a:2"))
    assert "(spec.template: field is immutable); recreate: true" in text
    text = refusal(space, claim("2Gi"))
    assert '- "storage": "1Gi", + "storage": "2Gi"' in text and text.endswith("what holds data")


def test_a_number_in_the_place_of_a_string_is_named(space):
    labels = {"app": "web"}
    template = {
        "metadata": {"labels": labels},
        "spec": pod(env=[{"name": "PORT", "value": 80}]),
    }
    obj = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }
    text = refusal(space, obj)
    assert 'env[name="PORT"].value: 80 is not a string; quote it' in text


def test_a_chart_may_give_a_variable_twice(space):
    variables = [{"name": "A", "value": value} for value in "12"]
    obj = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": pod(env=variables),
    }
    done = space.declare(**chart(obj))
    assert "variable A of the container web is given twice" in str(done["warnings"])
    (container,) = space.server.must("GET", f"{space.core}/pods/web")["spec"]["containers"]
    assert container["env"] == variables[1:]


def deployment(env: tuple = (), **spec) -> dict:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": pod(env=list(env))}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": labels}, "template": template, **spec},
    }


def test_check_mode_predicts_another_strategy(space):
    space.declare(manifests=[deployment()], wait="applied")
    task = {"manifests": [deployment(strategy={"type": "Recreate"})], "wait": "applied"}
    predicted, done = (space.declare(**task, check=check) for check in (True, False))
    assert predicted["objects"] == done["objects"] and done["changed"]


def test_another_order_of_variables_is_a_change(space):
    variables = [{"name": name, "value": "1"} for name in "AB"]
    space.declare(manifests=[deployment(variables)], wait="applied")
    task = {"manifests": [deployment(variables[::-1])], "wait": "applied"}
    assert space.declare(**task, check=True)["changed"] and space.declare(**task)["changed"]
    live = space.server.must("GET", f"{space.apps}/deployments/web")
    assert live["metadata"]["generation"] == 2
    assert not space.declare(**task)["changed"]


def test_a_role_that_aggregates_others_stays_unchanged(space):
    kind = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}
    labels = {"part-of": space.name}
    selectors = {"clusterRoleSelectors": [{"matchLabels": labels}]}
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    part = {**kind, "metadata": {"name": f"{space.name}-part", "labels": labels}, "rules": rules}
    whole = {**kind, "metadata": {"name": space.name}, "aggregationRule": selectors, "rules": []}
    path = f"/apis/rbac.authorization.k8s.io/v1/clusterroles/{space.name}"
    space.declare(manifests=[part, whole], wait="applied")
    space.eventually(lambda: space.server.must("GET", path).get("rules") == rules)
    assert not space.declare(manifests=[part, whole], wait="applied")["changed"]
    assert space.declare(manifests=[part, whole], state="absent")["counts"] == {"deleted": 2}


def test_a_chart_may_give_a_port_twice(space):
    ports = [{"name": name, "containerPort": 7800} for name in ("data", "cluster")]
    web = deployment()
    web["spec"]["template"]["spec"]["containers"][0]["ports"] = ports
    target = {"selector": {"app": "web"}, "ports": [{"port": 1, "targetPort": "cluster"}]}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": target}
    done = space.declare(**chart(web, service))
    assert "port cluster of the container web has the number" in str(done["warnings"])
    live = space.server.must("GET", f"{space.core}/services/web")
    assert live["spec"]["ports"][0]["targetPort"] == 7800
    assert not space.declare(**chart(web, service))["changed"]


def test_check_mode_knows_what_a_pod_of_the_task_needs(space):
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "bot"}}
    web = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}
    web["spec"] = {**pod(), "serviceAccountName": "bot"}
    task = {"manifests": [web, account], "wait": "applied"}
    for check in (True, False):
        assert space.declare(**task, check=check)["counts"] == {"created": 2}


def test_a_headless_service_does_not_silently_stay_headless(space):
    app = {"name": "db", "image": "db:1", "kind": "StatefulSet", "ports": [80], "wait": "applied"}
    space.declare(**app)
    asked = {**app, "service_type": "ClusterIP"}
    for check in (True, False, False):
        result = space.run("workload", **asked, check=check)
        assert result["failed"] and "recreate: true" in result["msg"]
    assert space.declare(**asked, recreate=True)["counts"] == {"recreated": 1, "unchanged": 1}
    live = space.server.must("GET", f"{space.core}/services/db")
    assert live["spec"]["clusterIP"] != "None"
    assert not space.declare(**asked)["changed"]


def test_a_stateful_set_is_recreated_without_its_pods(space):
    def declared(size: str) -> dict:
        labels = {"app": "db"}
        return {
            "apiVersion": "apps/v1",
            "kind": "StatefulSet",
            "metadata": {"name": "db"},
            "spec": {
                "replicas": 2,
                "serviceName": "db",
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod()},
                "volumeClaimTemplates": [
                    {"metadata": {"name": "data"}, "spec": claim(size)["spec"]}
                ],
            },
        }

    def pods() -> set[tuple[str, str]]:
        found = space.server.must("GET", f"{space.core}/pods")["items"]
        return {
            (one["metadata"]["name"], one["metadata"]["uid"])
            for one in found
            if not one["metadata"].get("deletionTimestamp")
        }

    space.declare(manifests=[declared("1Gi")], wait="rolled_out")
    before = pods()
    assert {name for name, _ in before} == {"db-0", "db-1"}
    done = space.declare(manifests=[declared("2Gi")], recreate=True, wait="rolled_out")
    assert done["counts"] == {"recreated": 1} and pods() == before
    live = space.server.must("GET", f"{space.apps}/statefulsets/db")
    (template,) = live["spec"]["volumeClaimTemplates"]
    assert template["spec"]["resources"]["requests"]["storage"] == "2Gi"
    assert not space.declare(manifests=[declared("2Gi")], wait="rolled_out")["changed"]


def test_a_chart_may_give_secrets_for_images_and_addresses_twice(space):
    web = deployment()
    aliases = [{"ip": "10.0.0.1", "hostnames": [name]} for name in ("a", "b")]
    more = {"imagePullSecrets": [{"name": "s"}, {"name": "s"}], "hostAliases": aliases}
    web["spec"]["template"]["spec"].update(more)
    done = space.declare(**chart(web))
    assert "imagePullSecrets s is given twice" in str(done["warnings"])
    pods = space.server.must("GET", f"{space.apps}/deployments/web")["spec"]["template"]["spec"]
    assert pods["imagePullSecrets"] == [{"name": "s"}]
    assert pods["hostAliases"] == [{"ip": "10.0.0.1", "hostnames": ["a", "b"]}]
    assert not space.declare(**chart(web))["changed"]


def test_json_of_any_writer_is_taken(space):
    objects = [config(name, text=TEXT) for name in "ab"]
    text = "\n".join(json.dumps(one, indent="\t") for one in objects)
    assert space.declare(manifests=[text])["counts"] == {"created": 2}
    assert space.server.must("GET", f"{space.core}/configmaps/b")["data"] == {"text": TEXT}


def service(**spec) -> dict:
    spec = {"ports": [{"port": 80}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (deployment(), deployment(selector={"matchLabels": {"app": "web", "x": "y"}})),
        (service(), service(clusterIP="10.96.7.7")),
        (job("a:1"), job("a:2")),
        (config("c") | {"immutable": True}, config("c", a="2")),
    ],
    ids=["Deployment", "Service", "Job", "ConfigMap"],
)
def test_check_mode_predicts_a_recreation_with_the_defaults(space, before, after):
    if after["kind"] == "Deployment":
        after["spec"]["template"]["metadata"] = {"labels": {"app": "web", "x": "y"}}
    space.declare(manifests=[before], wait="applied")
    if after["kind"] == "Deployment":
        # The controller marks the object with its revision, at any moment after it was made.
        live = f"{space.apps}/deployments/web"
        until(lambda: space.server.must("GET", live)["metadata"].get("annotations"))
    task = {"manifests": [after], "wait": "applied", "recreate": True}
    fields = []
    for check in (True, False):
        (found,) = space.declare(**task, check=check)["objects"]
        assert found["action"] == "recreated"
        fields.append([one["field"] for one in found["changes"]])
    assert fields[0] == fields[1]


def autoscaler(version: str, **spec) -> dict:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    return {
        "apiVersion": f"autoscaling/{version}",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web"},
        "spec": {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": 3, **spec},
    }


def test_a_declaration_in_another_version_needs_one_run(space):
    metrics = [
        {
            "type": "Resource",
            "resource": {"name": name, "target": {"type": "Utilization", "averageUtilization": 60}},
        }
        for name in ("cpu", "memory")
    ]
    former = autoscaler("v1", targetCPUUtilizationPercentage=70)
    latter = autoscaler("v2", metrics=metrics)
    for one in (former, latter, former):
        assert space.declare(manifests=[one], wait="applied")["changed"]
        assert not space.declare(manifests=[one], wait="applied")["changed"]
    space.declare(manifests=[latter], wait="applied")
    path = f"/apis/autoscaling/v2/namespaces/{space.name}/horizontalpodautoscalers/web"
    assert space.server.must("GET", path)["spec"]["metrics"] == metrics
