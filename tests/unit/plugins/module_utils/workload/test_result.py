from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ApplyError,
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.result import (
    TaskResult,
    add_notes,
)
from support.objects import deployment

WEB = deployment()
CREATED = ObjectChange(ref_of(WEB), "created", None, WEB)
UNCHANGED = ObjectChange(ref_of(WEB), "unchanged", WEB, WEB)


def test_changes_are_counted_by_action(cluster):
    result = TaskResult()
    result.collect(lambda: [CREATED, UNCHANGED, UNCHANGED])
    shown = result.as_dict(cluster.client)
    assert shown["changed"] and shown["counts"] == {"created": 1, "unchanged": 2}
    assert (shown["requests"], shown["writes"], "diff" in shown) == (0, 0, False)


def test_a_restart_is_a_change():
    result = TaskResult()
    result.collect(lambda: [UNCHANGED])
    assert not result.is_changed
    result.fields["restarted"] = ["Deployment default/web"]
    assert result.is_changed


def test_changes_before_a_failure_are_kept():
    def fail():
        raise ApplyError("refused", [CREATED], [])

    result = TaskResult()
    with pytest.raises(ApplyError):
        result.collect(fail)
    assert result.changes == [CREATED]


def test_errors_contain_the_result_so_far(cluster):
    result = TaskResult()
    result.collect(lambda: [CREATED])
    with pytest.raises(KubeError) as caught, result.attached_to_errors(cluster.client):
        raise KubeError("failed", seconds="own")
    assert caught.value.result["counts"] == {"created": 1}
    assert caught.value.result["seconds"] == "own"


def test_secrets_are_collected_in_both_forms():
    result = TaskResult()
    result.hide_secrets_in([{"kind": "Secret", "data": {"a": "cXVpZXQ="}}, WEB])
    assert result.secrets == {"cXVpZXQ=", "quiet"}


def test_notes_of_a_wait_are_added_to_those_of_the_task():
    fields = {"warnings": ["b"]}
    add_notes(fields, SimpleNamespace(unblocked=[], warnings=[]))
    assert fields == {"warnings": ["b"]}
    add_notes(fields, SimpleNamespace(unblocked=[{"name": "web-0"}], warnings=["a", "b"]))
    assert fields == {"warnings": ["a", "b"], "unblocked": [{"name": "web-0"}]}


def test_a_diff_has_only_changed_objects(cluster):
    result = TaskResult(diff=True)
    result.collect(lambda: [UNCHANGED])
    assert "web:1" not in str(result.as_dict(cluster.client)["diff"])
    result.collect(lambda: [CREATED])
    assert "web:1" in str(result.as_dict(cluster.client)["diff"])
