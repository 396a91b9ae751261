from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FailureReason
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import (
    MAX_EXPLAINED,
    Failure,
    wait_error,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target


def failure(name, reason="Timeout"):
    ref = ObjectRef("v1", "ConfigMap", "default", name)
    return Failure(Target(ref, {"metadata": {}}), FailureReason(reason, "text", None), None)


def test_message_explains_each_object(client):
    error = wait_error(client, [failure("a"), failure("b", "Deleted")], " (after 3 s)")
    assert "ConfigMap default/a: Timeout (after 3 s): text" in str(error)
    assert "ConfigMap default/b: Deleted" in str(error)
    assert [entry["name"] for entry in error.result["failures"]] == ["a", "b"]


def test_first_failure_of_an_object_counts(client):
    error = wait_error(client, [failure("a", "First"), failure("a", "Second")])
    assert [entry["reason"] for entry in error.failures] == ["First"]


def test_only_the_first_objects_are_explained(client):
    error = wait_error(client, [failure(f"n{i}") for i in range(MAX_EXPLAINED + 2)])
    assert len(error.failures) == MAX_EXPLAINED
    assert str(error).endswith("... and 2 more")
