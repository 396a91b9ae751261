"""Tests of ``kube.ops.patch``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import retry
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.patch import (
    ObjectPatcher,
    Patch,
)
from support.kube_fake import Refused
from support.objects import deployment

PATH = "/api/v1/namespaces/default/configmaps/settings"
APPEND = [{"op": "add", "path": "/list/-", "value": "new"}]


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(retry, "INITIAL_BACKOFF", 0.005)


@pytest.fixture
def live(api):
    metadata = {"name": "settings", "namespace": "default"}
    data = {"a": "1", "b": "2"}
    return api.put(
        "configmaps",
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata,
            "data": data,
            "list": ["x"],
        },
    )


@pytest.fixture
def patch(api, live):
    def run(body, kind="merge", path=PATH, of=None, **options):
        client = KubeClient({"host": api.url}, patience=5)
        try:
            given = Patch(kind, body, "test", **options)
            return ObjectPatcher(client, path, of or live, given).run()
        finally:
            client.close()

    return run


def lose_answers(api, number=1):
    """Let the server carry out requests to patch, and lose the answers."""
    left = [number]

    def lose(method, path):
        if method == "PATCH" and "dryRun" not in path and left[0]:
            left[0] -= 1
            raise ConnectionAbortedError

    api.losses.append(lose)


def change(api, **data):
    """Let another client change the object."""
    api.update("configmaps", "settings", lambda obj: obj["data"].update(data))


def before_patch(api, work):
    """Run work once, when the first request to patch arrives."""
    left = [work]

    def act(method, path):
        if method == "PATCH" and left:
            left.pop()()

    api.faults.append(act)


def content(api):
    obj = api.get("configmaps", "settings")
    return obj["data"], obj["list"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("merge", {"data": {"a": "9", "b": None}}),
        ("json", [{"op": "replace", "path": "/data", "value": {"a": "9"}}]),
    ],
)
def test_a_patch_changes_an_object(api, patch, kind, body):
    done = patch(body, kind)
    assert (done.action, content(api)[0]) == ("patched", {"a": "9"})
    fields = [(one["field"], one["before"], one["after"]) for one in done.changes]
    assert fields == [("data.a", "1", "9"), ("data.b", "2", None)]


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("merge", {"data": {"a": "1"}}),
        ("strategic", {"data": {"a": "1"}}),
        ("json", [{"op": "add", "path": "/data/a", "value": "1"}]),
    ],
)
def test_a_patch_without_effect_is_no_change(patch, live, api, kind, body, dry_run):
    assert patch(body, kind, dry_run=dry_run).action == "unchanged"
    assert (
        api.get("configmaps", "settings")["metadata"]["resourceVersion"]
        == (live["metadata"]["resourceVersion"])
    )


def test_a_dry_run_predicts(api, patch):
    done = patch({"data": {"a": "9"}}, dry_run=True)
    assert (done.action, done.changes[0]["after"], content(api)[0]["a"]) == ("patched", "9", "1")


def test_an_apply_owns_fields_and_creates_nothing(api, patch, live):
    assert patch({"data": {"c": "3"}}, "apply").action == "patched"
    assert content(api)[0] == {"a": "1", "b": "2", "c": "3"}
    before_patch(api, lambda: api.remove("configmaps", "settings"))
    now = api.get("configmaps", "settings")
    with pytest.raises(KubeError, match="settings no longer exists; it was not patched"):
        patch({"data": {"d": "4"}}, "apply", of=now)
    assert api.get("configmaps", "settings") is None


def test_an_object_that_was_made_again_is_another_one(api, patch):
    def replace():
        api.remove("configmaps", "settings")
        metadata = {"name": "settings", "namespace": "default"}
        api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})

    before_patch(api, replace)
    with pytest.raises(KubeError, match="was deleted and created again"):
        patch({"data": {"a": "9"}})


def test_the_status_is_patched_through_its_subresource(api, patch):
    live = api.put("deployments", deployment())
    path = "/apis/apps/v1/namespaces/default/deployments/web"
    body = {"status": {"readyReplicas": 0}, "spec": {"replicas": 9}}
    done = patch(body, path=path, of=live, subresource="status")
    assert [one["field"] for one in done.changes] == ["status.readyReplicas"]
    assert api.get("deployments", "web")["spec"]["replicas"] == 1
    done = patch([{"op": "test", "path": "/spec/replicas", "value": 1},
                  {"op": "replace", "path": "/spec/replicas", "value": 2}],
                 "json", path=path, of=api.get("deployments", "web"), subresource="scale")  # fmt: skip
    assert done.action == "patched" and api.get("deployments", "web")["spec"]["replicas"] == 2


def test_a_subresource_that_does_not_exist_is_named(patch):
    with pytest.raises(KubeError, match="does it have the subresource scales"):
        patch({"spec": {}}, subresource="scales")


def test_a_test_that_fails_is_explained(api, patch):
    body = [{"op": "test", "path": "/data/a", "value": "5"}, *APPEND]
    with pytest.raises(
        KubeError, match="test /data/a: expected '5', but it is '1'; it was not patched"
    ):
        patch(body, "json")
    assert content(api)[1] == ["x"]


def test_the_expected_version_is_a_condition(api, patch, live):
    version = live["metadata"]["resourceVersion"]
    with pytest.raises(KubeError, match=f"resource_version says 1, but it has {version}; it was"):
        patch({"data": {"a": "9"}}, version="1")
    before_patch(api, lambda: change(api, b="5"))
    with pytest.raises(KubeError, match=f"resource_version says {version}, but it has"):
        patch({"data": {"a": "9"}}, version=version)
    assert content(api)[0]["a"] == "1"


def test_a_concurrent_change_is_taken_into_account(api, patch):
    before_patch(api, lambda: change(api, b="5"))
    done = patch(APPEND, "json")
    assert (done.action, [one["field"] for one in done.changes]) == ("patched", ["list[1]"])
    assert content(api) == ({"a": "1", "b": "5"}, ["x", "new"])


def test_an_object_that_changes_each_time_is_an_error(api, patch):
    def always(method, path):
        if method == "PATCH":
            change(api, b=str(len(api.log)))

    api.faults.append(always)
    with pytest.raises(KubeError, match="other clients changed it 5 times"):
        patch(APPEND, "json")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("json", APPEND),
        ("json", [{"op": "test", "path": "/list", "value": ["x"]}, *APPEND]),
        ("merge", {"list": ["x", "new"]}),
        ("apply", {"list": ["x", "new"]}),
    ],
)
def test_a_lost_answer_is_resolved_by_reading(api, patch, kind, body):
    lose_answers(api)
    done = patch(body, kind, force=True)
    assert (done.action, content(api)[1]) == ("patched", ["x", "new"])
    assert [one["field"] for one in done.changes] == ["list[1]"]


@pytest.mark.parametrize("status", [500, 504])
def test_a_failure_after_the_write_is_a_lost_answer(api, patch, status):
    def fail(method, path):
        if method == "PATCH" and api.losses:
            api.losses.clear()
            raise Refused(status, "Timeout", "request did not complete")

    api.losses.append(fail)
    assert patch(APPEND, "json").action == "patched"
    assert content(api)[1] == ["x", "new"]


def test_a_lost_answer_with_the_expected_version(api, patch, live):
    lose_answers(api)
    done = patch({"data": {"a": "9"}}, version=live["metadata"]["resourceVersion"])
    assert (done.action, content(api)[0]["a"]) == ("patched", "9")


def test_a_patch_that_did_not_arrive_is_sent_again(api, patch):
    """The connection breaks before the request, and another client changes the object."""
    left = [1]

    def drop(method, path):
        if method == "PATCH" and left:
            left.pop()
            change(api, b="5")
            raise ConnectionAbortedError

    api.faults.append(drop)
    assert patch(APPEND, "json").action == "patched"
    assert content(api) == ({"a": "1", "b": "5"}, ["x", "new"])


def test_a_lost_answer_and_another_change_of_the_same_list_is_not_guessed(api, patch):
    def lose(method, path):
        if method == "PATCH":
            api.losses.clear()
            api.update("configmaps", "settings", lambda obj: obj["list"].append("other"))
            raise ConnectionAbortedError

    api.losses.append(lose)
    with pytest.raises(KubeError, match="its fields differ from both") as caught:
        patch(APPEND, "json")
    assert caught.value.result["changed"]
    assert content(api)[1] == ["x", "new", "other"]


def test_a_kind_without_strategic_merge_is_explained(api, patch):
    def refuse(method, path):
        if method == "PATCH":
            raise Refused(
                415, "UnsupportedMediaType", "the body of the request was in an unknown format"
            )

    api.faults.append(refuse)
    with pytest.raises(
        KubeError, match="no strategic merge for the kind ConfigMap; use type: merge"
    ):
        patch({"data": {}}, "strategic")


def test_fields_of_other_managers_are_named(api, patch, live):
    conflict = {
        "reason": "FieldManagerConflict",
        "field": ".data.a",
        "message": 'conflict with "argocd"',
    }

    def refuse(method, path):
        if method == "PATCH" and "force=false" in path:
            raise Refused(409, "Conflict", "Apply failed", [conflict])

    api.faults.append(refuse)
    with pytest.raises(KubeError, match=".data.a belongs to argocd"):
        patch({"data": {"a": "9"}}, "apply")
    assert patch({"data": {"a": "9"}}, "apply", force=True).action == "patched"
