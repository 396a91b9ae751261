"""Custom resources whose kinds have the names of built-in kinds, as those of Knative, Volcano and OpenKruise have."""

from __future__ import annotations

import pytest

from support.objects import definition

KINDS = (
    "Deployment",
    "StatefulSet",
    "Job",
    "Pod",
    "Service",
    "Secret",
    "Namespace",
    "PersistentVolumeClaim",
)


@pytest.fixture
def custom(space, group):
    """Returns custom resources of kinds, which the server serves."""

    def make(*kinds: str, **content) -> list[dict]:
        space.declare(manifests=[definition(group, kind) for kind in kinds], wait="applied")
        identity = {"apiVersion": f"{group}/v1", "metadata": {"name": "a"}}
        return [{**identity, "kind": kind, **content} for kind in kinds]

    return make


def test_a_kind_is_judged_by_its_own_group(space, custom):
    task = {"manifests": custom(*KINDS, spec={"a": 1}, data=["x"]), "wait": "serving"}
    assert space.declare(**task)["counts"] == {"created": len(KINDS)}
    assert not space.declare(**task)["changed"]
    predicted = space.declare(manifests=task["manifests"], state="absent", check=True)
    assert predicted["counts"] == {"deleted": len(KINDS)}


def test_fields_that_look_like_those_of_a_built_in_kind_are_fields(space, custom):
    objects = custom("Service", "Deployment", spec={"clusterIP": "None", "replicas": 3})
    space.declare(manifests=objects, wait="applied")
    others = [{**obj, "spec": {"b": 1}} for obj in objects]
    assert space.declare(manifests=others, wait="applied")["counts"] == {"configured": 2}
    path = f"/apis/{objects[0]['apiVersion']}/namespaces/{space.name}"
    for plural in ("services", "deployments"):
        assert space.server.must("GET", f"{path}/{plural}/a")["spec"] == {"b": 1}


def test_a_kind_that_is_not_stored_is_named(space):
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "LocalSubjectAccessReview",
        "metadata": {"name": "a"},
        "spec": {"user": "jane", "resourceAttributes": {"verb": "get", "resource": "pods"}},
    }
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    said = space.run("workload", manifests=[config, review])
    assert said["failed"] and not said["changed"]
    assert "answers a LocalSubjectAccessReview and stores none" in said["msg"]
