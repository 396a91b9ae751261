from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError, UnseenError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.recovery import recovery
from support.kube_fake import Refused


def fail(context, family=KubeError) -> KubeError:
    """Return the error of a run whose last step fails."""
    with pytest.raises(KubeError) as caught, recovery(context):
        raise family("the wait failed")
    return caught.value


@pytest.mark.parametrize("choice", ["rollback", "delete"])
def test_what_nobody_could_see_stays(api, apply, choice):
    context = apply(on_failure=choice)
    text = str(fail(context, UnseenError))
    assert f"on_failure: {choice}: the changes stay" in text and "run the task again" in text
    assert api.get("deployments", "web")
    assert context.result.fields["rollback"]["done"] is False


def test_keep_leaves_the_changes(api, apply):
    context = apply()
    assert str(fail(context)) == "the wait failed"
    assert api.get("deployments", "web")


def test_delete_removes_only_created_objects(api, apply):
    apply()
    context = apply(on_failure="delete", ports=[80])
    context.result.changes[-1].action = "unchanged"
    error = fail(context)
    assert "on_failure: delete: deleted 1 that the task had created" in str(error)
    assert api.get("deployments", "web") and not api.get("services", "web")
    assert context.result.fields["rollback"]["done"]


def test_rollback_removes_created_objects(api, apply):
    context = apply(on_failure="rollback")
    assert "restored 0 objects, deleted 1 that the task had created" in str(fail(context))
    assert not api.get("deployments", "web")


@pytest.mark.parametrize("choice", ["rollback", "delete"])
def test_an_object_that_another_client_created_again_stays(api, apply, choice):
    context = apply(on_failure=choice)
    former = api.remove("deployments", "web")
    metadata = {name: value for name, value in former["metadata"].items() if name != "uid"}
    api.put("deployments", {**former, "metadata": metadata})
    assert "Deployment web stays, another client has created it again" in str(fail(context))
    assert api.get("deployments", "web") and context.result.fields["rollback"]["done"]


def test_data_of_the_task_stays(api, apply):
    context = apply(on_failure="delete", volumes=[{"name": "d", "mount": "/d", "size": "1Gi"}])
    assert "PersistentVolumeClaim web-d stays: " in str(fail(context))
    assert api.get("persistentvolumeclaims", "web-d") and not api.get("deployments", "web")


def test_a_failed_recovery_is_part_of_the_error(api, apply):
    context = apply(on_failure="delete")

    def refuse(method, path):
        if method == "DELETE":
            raise Refused(403, "Forbidden", "deployments is forbidden")

    api.faults.append(refuse)
    assert "and the delete failed too: " in str(fail(context))
    assert context.result.fields["rollback"]["done"] is False


def test_check_mode_needs_no_recovery(api, apply):
    context = apply(check=True, on_failure="delete")
    assert str(fail(context)) == "the wait failed"
    assert not api.writes
