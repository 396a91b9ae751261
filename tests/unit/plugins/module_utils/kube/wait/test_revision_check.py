import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait import revision_check
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.revision_check import (
    RevisionCheck,
    is_waited_for,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target

HASH = "controller-revision-hash"
NEW = {"name": "db-0", "namespace": "lab", "uid": "p", "labels": {HASH: "new"}, "owners": ["set"]}
OLD = {**NEW, "labels": {HASH: "old"}}


class FakeClient:
    def __init__(self):
        self.deleted = []

    def delete(self, path, body):
        self.deleted.append((path, body))


@pytest.fixture
def client():
    return FakeClient()


@pytest.fixture
def owners(monkeypatch):
    """The answers of the API server, in order; the last one stays."""
    found = [("hash", "new")]

    def current_owner(client, obj, created):
        owner = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(owner, Exception):
            raise owner
        return owner

    monkeypatch.setattr(revision_check, "current_owner", current_owner)
    return found


@pytest.fixture
def check(client):
    lines = []
    check = RevisionCheck(client, lines.append)
    check.lines = lines
    return check


def target(created=False, strategy=None):
    obj = {"metadata": {"uid": "set"}, "spec": {"updateStrategy": strategy or {}}}
    return Target(ObjectRef("apps/v1", "StatefulSet", "lab", "db"), obj, created)


def test_only_pods_of_the_current_revision_count(check, owners):
    assert check.is_current(target(), NEW)
    assert not check.is_current(target(), OLD)
    assert check.has_hash(target())


def test_all_pods_of_a_created_target_are_current_where_revisions_cannot_be_read(check, owners):
    owners[:] = [KubeError("no access")]
    assert check.is_current(target(created=True), OLD)
    assert not check.has_hash(target())


def test_revision_is_read_once_a_second(check, owners):
    owners[:] = [("hash", "new"), ("hash", "old")]
    assert check.is_current(target(), NEW)
    assert check.is_current(target(), NEW)
    check._owners = {ref: (owner, 0.0) for ref, (owner, _) in check._owners.items()}
    assert check.is_current(target(), OLD)


@pytest.mark.parametrize("unknown", [("none", ""), KubeError("no access")])
def test_unknown_revision_is_read_again_when_the_object_changed(check, owners, unknown):
    owners[:] = [unknown, ("hash", "new")]
    assert not check.is_current(target(), NEW)
    assert not check.is_current(target(), NEW)
    check.object_changed(target())
    assert check.is_current(target(), NEW)


def test_blocking_pod_is_deleted_once(check, client, owners):
    check.unblock(target(), OLD)
    check.unblock(target(), OLD)
    assert client.deleted == [("/api/v1/namespaces/lab/pods/db-0", {"preconditions": {"uid": "p"}})]
    assert check.unblocked == ["db-0"]
    assert "deleted pod db-0" in check.lines[0]


def test_pod_without_a_revision_is_not_deleted(check, client):
    check.unblock(target(), {**OLD, "labels": {}})
    assert client.deleted == []


@pytest.mark.parametrize(
    ("strategy", "pod"),
    [
        (None, {**OLD, "owners": ["other"]}),
        (None, {**OLD, "name": "db"}),
        ({"type": "OnDelete"}, OLD),
        ({"rollingUpdate": {"partition": 1}}, OLD),
    ],
    ids=["of another owner", "without a number", "deleted by hand", "below the partition"],
)
def test_pod_that_the_stateful_set_would_not_replace_stays(check, client, strategy, pod):
    check.unblock(target(strategy=strategy), pod)
    assert client.deleted == []


def test_only_an_ordered_stateful_set_waits_for_a_pod_of_an_old_revision():
    ordered, parallel = target(), target()
    parallel.obj["spec"]["podManagementPolicy"] = "Parallel"
    assert is_waited_for(ordered, OLD)
    assert not is_waited_for(parallel, OLD)
    assert not is_waited_for(target(strategy={"type": "OnDelete"}), OLD)
