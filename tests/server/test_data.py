"""Deletions that would take data along, on a server that really deletes it."""

from __future__ import annotations

import pytest

from support.objects import definition


def claim(name: str, storage: str = "none", size: str = "1Gi", **metadata) -> dict:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    metadata = {"name": name, **metadata}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata,
        "spec": {**spec, "storageClassName": storage},
    }


def database(service: str, deleting: bool = True, **template) -> dict:
    """Return a StatefulSet with one claim, which goes with it."""
    labels = {"app": "db"}
    policy = {"whenDeleted": "Delete" if deleting else "Retain", "whenScaled": "Retain"}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "db"},
        "spec": {
            "replicas": 1,
            "serviceName": service,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "db", "image": "db:1"}]},
            },
            "volumeClaimTemplates": [claim("data", **template)],
            "persistentVolumeClaimRetentionPolicy": policy,
        },
    }


def claims(space) -> set[str]:
    found = space.server.must("GET", f"{space.core}/persistentvolumeclaims")["items"]
    return {
        one["metadata"]["name"] for one in found if not one["metadata"].get("deletionTimestamp")
    }


def refused(space, *objects: dict, **options) -> str:
    result = space.run("workload", manifests=list(objects), wait_timeout=20, **options)
    assert result["failed"] and not result["changed"], result
    return result["msg"]


def test_claims_that_go_with_their_stateful_set_are_refused(space):
    space.declare(manifests=[database("one")], wait="applied")
    space.eventually(lambda: claims(space) == {"data-db-0"})
    assert "deletes its claims with it" in refused(space, database("one"), state="absent")
    text = refused(space, database("two"), recreate=True, wait="applied")
    assert "deletes its claims with it" in text and "recreate does not do that" in text
    # the way that the message names
    space.declare(manifests=[database("one", deleting=False)], wait="applied")
    space.eventually(lambda: not owners(space, "data-db-0"))
    done = space.declare(manifests=[database("two", deleting=False)], recreate=True, wait="applied")
    assert done["counts"] == {"recreated": 1} and claims(space) == {"data-db-0"}


def owners(space, name: str) -> list:
    found = space.server.must("GET", f"{space.core}/persistentvolumeclaims/{name}")
    return found["metadata"].get("ownerReferences") or []


def test_a_custom_resource_whose_stateful_set_owns_claims_is_refused(space, group):
    obj = {"apiVersion": f"{group}/v1", "kind": "Queue", "metadata": {"name": "orders"}}
    space.declare(manifests=[definition(group, "Queue"), obj], wait="applied")
    path = f"/apis/{group}/v1/namespaces/{space.name}/queues/orders"
    uid = space.server.must("GET", path)["metadata"]["uid"]
    made = database("one")
    made["metadata"]["ownerReferences"] = [{**obj, "name": "orders", "uid": uid}]
    del made["metadata"]["ownerReferences"][0]["metadata"]
    space.server.must("POST", f"{space.apps}/statefulsets", made)
    space.eventually(lambda: claims(space) == {"data-db-0"} and owners(space, "data-db-0"))
    text = refused(space, obj, state="absent")
    owned = f"StatefulSet {space.name}/db, which owns PersistentVolumeClaim {space.name}/data-db-0"
    assert f"Queue {space.name}/orders owns {owned}" in text
    named = {"api_version": obj["apiVersion"], "kind": "Queue", "names": ["orders"]}
    result = space.run("objects_delete", **named)
    assert result["failed"] and owned in result["msg"]
    assert claims(space) == {"data-db-0"}


def test_a_claim_of_a_custom_resource_is_refused_and_an_own_one_is_kept(space, group):
    obj = {"apiVersion": f"{group}/v1", "kind": "Queue", "metadata": {"name": "orders"}}
    kind = definition(group, "Queue")
    space.declare(manifests=[kind, obj, claim("own")], wait="applied")
    path = f"/apis/{group}/v1/namespaces/{space.name}/queues/orders"
    uid = space.server.must("GET", path)["metadata"]["uid"]
    owner = {"apiVersion": obj["apiVersion"], "kind": "Queue", "name": "orders", "uid": uid}
    body = claim("owned", ownerReferences=[owner])
    space.server.must("POST", f"{space.core}/persistentvolumeclaims", body)
    text = refused(space, obj, claim("own"), state="absent")
    assert f"owns PersistentVolumeClaim {space.name}/owned" in text
    assert "there are 1 objects of the kind Queue" in refused(space, kind, state="absent")
    space.server.must("DELETE", f"{space.core}/persistentvolumeclaims/owned")
    space.eventually(lambda: claims(space) == {"own"})
    done = space.run("workload", manifests=[kind, obj, claim("own")], state="absent")
    assert done["counts"] == {"deleted": 2}, done
    assert done["kept"] == [f"PersistentVolumeClaim {space.name}/own"]
    assert claims(space) == {"own"}


@pytest.fixture
def storage(space):
    """The path of a StorageClass whose volumes cannot grow, with one volume."""
    classes, volumes = "/apis/storage.k8s.io/v1/storageclasses", "/api/v1/persistentvolumes"
    name = f"{space.name}-data"
    body = {"metadata": {"name": name}, "provisioner": "example.com/none"}
    space.server.must("POST", classes, body)
    spec = {
        "storageClassName": name,
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "hostPath": {"path": "/data"},
    }
    space.server.must("POST", volumes, {"metadata": {"name": name}, "spec": spec})
    yield f"{classes}/{name}"
    space.server.request("DELETE", f"{volumes}/{name}")
    space.server.request("DELETE", f"{classes}/{name}")


def test_claims_grow_with_the_templates_of_their_stateful_set(space, storage):
    place, chosen = f"{space.core}/persistentvolumeclaims/data-db-0", storage.rpartition("/")[2]
    pod, stateful_set = f"{space.core}/pods/db-0", f"{space.apps}/statefulsets/db"

    def look() -> tuple[str, str, str, str]:
        objects = [space.server.must("GET", path) for path in (place, stateful_set, pod)]
        (template,) = objects[1]["spec"]["volumeClaimTemplates"]
        sizes = [one["spec"]["resources"]["requests"]["storage"] for one in (objects[0], template)]
        return sizes[0], sizes[1], objects[1]["metadata"]["uid"], objects[2]["metadata"]["uid"]

    def is_there() -> bool:
        answers = [space.server.request("GET", path) for path in (place, pod)]
        if any(status != 200 for status, _ in answers):
            return False
        return answers[0][1].get("status", {}).get("phase") == "Bound"

    small, large = [
        database("db", deleting=False, storage=chosen, size=size) for size in ("1Gi", "2Gi")
    ]
    space.declare(manifests=[small], wait="applied")
    space.eventually(is_there)
    before = look()
    assert "recreate: true deletes the object and creates it again" in refused(space, large)
    text = refused(space, large, recreate=True)
    assert "data-db-0 cannot grow from 1Gi to 2Gi" in text and f"StorageClass {chosen} can" in text
    assert look() == before
    # the step that the message names
    patch = {"allowVolumeExpansion": True}
    space.server.must("PATCH", storage, patch, "application/merge-patch+json")
    options = {"manifests": [large], "recreate": True, "wait": "applied"}
    predicted = space.declare(**options, check=True)
    assert look() == before
    done = space.declare(**options)
    for result in (predicted, done):
        (entry,) = result["objects"]
        (grown,) = [one for one in entry["changes"] if one["field"].startswith("Persistent")]
        assert entry["action"] == "recreated" and (grown["before"], grown["after"]) == (
            "1Gi",
            "2Gi",
        )
    after = look()
    assert after[:2] == ("2Gi", "2Gi") and after[2] != before[2] and after[3] == before[3]
    assert not space.declare(**options)["changed"]


def test_a_claim_is_waited_for_unless_its_class_waits_for_a_pod(space, storage):
    classes, _, chosen = storage.rpartition("/")
    space.declare(manifests=[claim("first", chosen)], wait="rolled_out")
    found = space.server.must("GET", f"{space.core}/persistentvolumeclaims/first")
    assert found["status"]["phase"] == "Bound"
    # the class has one volume
    options = {"wait": "rolled_out", "wait_timeout": 2}
    late = space.run("workload", manifests=[claim("second", chosen)], **options)
    assert late["failed"] and "second: Timeout" in late["msg"] and "no volume yet" in late["msg"]
    mode = {"provisioner": "example.com/none", "volumeBindingMode": "WaitForFirstConsumer"}
    space.server.must("POST", classes, {"metadata": {"name": f"{chosen}-later"}, **mode})
    try:
        space.declare(manifests=[claim("third", f"{chosen}-later")], **options)
    finally:
        space.server.must("DELETE", f"{classes}/{chosen}-later")
