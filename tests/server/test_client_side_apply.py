"""Objects of ``kubectl apply`` without server-side apply, in the hands of the module ``workload``."""

from __future__ import annotations

import pytest

from support.kubectl import Kubectl

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
NAME = "web"


def deployment(**spec) -> dict:
    labels = {"app": NAME}
    container = {"name": NAME, "image": "web:1", **spec.pop("container", {})}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": NAME, **spec.pop("metadata", {})},
        "spec": {"selector": {"matchLabels": labels}, "template": template, **spec},
    }


BEFORE = deployment(
    replicas=2,
    minReadySeconds=3,
    metadata={"annotations": {"team": "red"}, "labels": {"tier": "front"}},
    container={
        "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
        "resources": {"requests": {"cpu": "1m"}, "limits": {"cpu": "2m"}},
        "args": ["x"],
    },
)
AFTER = deployment(
    metadata={"labels": {"tier": "front"}},
    container={
        "env": [{"name": "A", "value": "1"}],
        "resources": {"requests": {"cpu": "1m"}},
    },
)
NAMED = (
    "metadata.annotations.team",
    "spec.minReadySeconds",
    "spec.replicas",
    "spec.template.spec.containers[web].args",
    "spec.template.spec.containers[web].env[B]",
    "spec.template.spec.containers[web].resources.limits",
)


@pytest.fixture
def kubectl(space):
    return Kubectl(space.server, space.name)


def live(space) -> dict:
    return space.server.must("GET", f"{space.apps}/deployments/{NAME}")


def managers(obj: dict) -> set[str]:
    entries = obj["metadata"]["managedFields"]
    return {entry["manager"] for entry in entries if not entry.get("subresource")}


def ours(space, obj: dict, **options) -> dict:
    return space.run("workload", manifests=[obj], wait="none", **options)


def shape(obj: dict) -> dict:
    container = obj["spec"]["template"]["spec"]["containers"][0]
    return {
        "annotations": set(obj["metadata"].get("annotations") or {}) - {"deployment.kubernetes.io/revision"},
        "env": [one["name"] for one in container["env"]],
        "resources": container["resources"],
        "args": container.get("args"),
        "ready": obj["spec"].get("minReadySeconds"),
        "replicas": obj["spec"]["replicas"],
    }  # fmt: skip


WANTED = {
    "annotations": set(),
    "env": ["A"],
    "resources": {"requests": {"cpu": "1m"}},
    "args": None,
    "ready": None,
    "replicas": 2,
}


def test_fields_that_the_declaration_does_not_have_go(space, kubectl):
    kubectl.apply(objects=[BEFORE])
    result = ours(space, AFTER, force=True)
    assert result["changed"] and not result.get("warnings"), result
    after = live(space)
    assert shape(after) == WANTED
    assert managers(after) <= {"slipway", "slipway-scale", "kube-controller-manager"}

    again = ours(space, AFTER)
    assert not again["changed"] and not again.get("warnings"), again
    # without an owner that is gone, the next change needs no force
    assert ours(space, deployment(container={"image": "web:2"}))["changed"]
    assert "env" not in live(space)["spec"]["template"]["spec"]["containers"][0]


def test_check_mode_predicts_the_takeover_and_changes_nothing(space, kubectl):
    kubectl.apply(objects=[BEFORE])
    before = live(space)
    predicted = ours(space, AFTER, force=True, check=True, diff=True)
    assert managers(live(space)) == managers(before) and live(space)["spec"] == before["spec"]
    done = ours(space, AFTER, force=True, diff=True)
    fields = [
        [change["field"] for one in result["objects"] for change in one["changes"]]
        for result in (predicted, done)
    ]
    assert fields[0] == fields[1] and fields[0], fields
    assert ours(space, AFTER, force=True, check=True)["changed"] is False


def test_without_force_the_fields_stay_and_are_named(space, kubectl):
    kubectl.apply(objects=[BEFORE])
    for check in (True, False):
        result = ours(space, AFTER, check=check)
        assert not result.get("failed"), result["msg"]
        (warning,) = map(str, result["warnings"])
        assert "force: true" in warning and "cpu.requests" not in warning
        assert all(name in warning for name in NAMED), warning
    found = shape(live(space))
    assert found["env"] == ["A", "B"] and found["ready"] == 3
    again = ours(space, AFTER)
    assert not again["changed"] and len(again["warnings"]) == 1

    conflict = ours(space, deployment(container={"image": "web:2"}))
    assert conflict["failed"] and "kubectl-client-side-apply" in conflict["msg"]
    assert ".image" in conflict["msg"] and "force: true" in conflict["msg"]


def test_a_takeover_restarts_no_pod_when_the_declaration_is_the_same(space, kubectl):
    kubectl.apply(objects=[BEFORE])
    before = live(space)
    result = ours(space, BEFORE, force=True)
    after = live(space)
    assert after["spec"] == before["spec"]
    assert managers(after) <= {"slipway", "kube-controller-manager"}
    assert LAST_APPLIED not in after["metadata"]["annotations"], result


def test_a_rollback_restores_what_the_takeover_removed(space, kubectl):
    kubectl.apply(objects=[BEFORE])
    space.eventually(lambda: live(space)["status"].get("readyReplicas") == 2)
    before = shape(live(space))
    space.server.pods.broken = {"web:broken"}
    broken = deployment(container={"image": "web:broken"})
    result = space.run(
        "workload", manifests=[broken], wait="rolled_out", wait_timeout=20,
        fail_after={"pull": 1}, on_failure="rollback", force=True,
    )  # fmt: skip
    assert result["failed"]
    assert shape(live(space)) == before


def test_another_number_of_a_port_needs_the_takeover(space, kubectl):
    def service(number: int) -> dict:
        ports = [{"name": "http", "port": number}]
        metadata = {"name": NAME}
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata,
            "spec": {"ports": ports},
        }

    kubectl.apply(objects=[service(80)])
    task = {"manifests": [service(81)], "wait": "applied"}
    for check in (True, False):
        result = space.run("workload", **task, check=check)
        assert result["failed"] and "force: true takes the object over" in result["msg"]
    predicted, done = (space.declare(**task, force=True, check=check) for check in (True, False))
    assert predicted["counts"] == done["counts"] == {"configured": 1}
    live = space.server.must("GET", f"{space.core}/services/{NAME}")
    assert [port["port"] for port in live["spec"]["ports"]] == [81]
    assert not space.declare(**task)["changed"]


def test_fields_that_kubectl_create_wrote_are_named_and_taken_over(space, kubectl):
    kubectl.run("create", "-f-", objects=[BEFORE])
    for check in (True, False):
        result = ours(space, AFTER, check=check)
        (warning,) = map(str, result["warnings"])
        assert "force: true" in warning and "minReadySeconds" in warning, warning
        assert "progressDeadlineSeconds" not in warning, "a default of the server"
    predicted, done = (ours(space, AFTER, force=True, check=check) for check in (True, False))
    for result in (predicted, done):
        assert result["changed"] and not result.get("warnings"), result
    assert shape(live(space)) == WANTED
    again = ours(space, AFTER)
    assert not again["changed"] and not again.get("warnings")


def test_what_an_undo_of_kubectl_brought_back_goes_with_force(space, kubectl):
    def declared(*variables: str) -> dict:
        return deployment(container={"env": [{"name": name, "value": "1"} for name in variables]})

    ours(space, declared("A", "B"))
    ours(space, declared("A"))
    space.eventually(lambda: live(space)["status"].get("observedGeneration") == 2)
    assert kubectl.run("rollout", "undo", f"deployment/{NAME}").returncode == 0
    env = ["A", "B"]
    assert [
        one["name"] for one in live(space)["spec"]["template"]["spec"]["containers"][0]["env"]
    ] == env
    result = ours(space, declared("A"))
    (warning,) = map(str, result["warnings"])
    assert not result["changed"] and "env[B]" in warning and "force: true" in warning
    predicted, done = (
        ours(space, declared("A"), force=True, check=check) for check in (True, False)
    )
    assert predicted["objects"] == done["objects"] and done["changed"]
    assert shape(live(space))["env"] == ["A"]
    again = ours(space, declared("A"))
    assert not again["changed"] and not again.get("warnings")


@pytest.mark.parametrize("name", ["http", None])
def test_another_number_of_a_port_of_another_manager_needs_force(space, kubectl, name):
    def service(number: int) -> dict:
        port = {"port": number, **({"name": name} if name else {})}
        spec = {"ports": [port]}
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": NAME}, "spec": spec}

    kubectl.apply("--server-side", "--field-manager=other", objects=[service(80)])
    task = {"manifests": [service(81)], "wait": "applied"}
    for check in (True, False):
        result = space.run("workload", **task, check=check)
        assert result["failed"] and "(other)" in result["msg"] and "force: true" in result["msg"]
    predicted, done = (space.declare(**task, force=True, check=check) for check in (True, False))
    assert predicted["objects"] == done["objects"] and done["counts"] == {"configured": 1}
    live = space.server.must("GET", f"{space.core}/services/{NAME}")
    assert [port["port"] for port in live["spec"]["ports"]] == [81]
    assert not space.declare(**task)["changed"]
