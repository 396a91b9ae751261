"""Members of a cluster of kubeadm, and what forbids a restore."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_members import (
    parse_members,
    restore_problem,
)

LINES = ["member=1 cp1", "member=2 cp2", "member=3 cp3"]


def test_lines_become_members():
    assert parse_members(LINES) == {"members": ["cp1", "cp2", "cp3"], "error": ""}


def test_a_silent_etcd_has_a_reason():
    assert parse_members(SILENT)["error"] == "etcd: context deadline exceeded"


ABOUT = {"ca": "a", "kubernetes": "v1.35.1", "time": "20260101T000000Z"}
SILENT = ["error=etcd: context deadline exceeded"]


def refusal(lines, working=False, version="v1.35.1", **found):
    answers = {"cp1": {"ca": "a", "lines": lines} | found}
    return restore_problem(answers, ABOUT, version, working)


def test_an_etcd_without_quorum_may_be_restored():
    assert refusal(SILENT) == ""


def test_an_etcd_that_works_is_restored_on_request_only():
    assert "etcd_restore_working=true" in refusal(LINES)
    assert refusal(LINES, working=True) == ""


@pytest.mark.parametrize(
    ("more", "words"),
    [({"ca": "b"}, "another cluster"), ({"version": "v1.36.0"}, "kubernetes_version is v1.36.0")],
)
def test_a_snapshot_of_another_cluster_or_version_is_refused(more, words):
    assert words in refusal(SILENT, **more)


def test_a_restore_needs_a_control_plane():
    assert "No host of kube_control_plane answers" in restore_problem({}, ABOUT, "v1.35.1", False)
