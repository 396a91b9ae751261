"""Tests of ``slipway.run.cluster_security``."""

import json
from dataclasses import replace

import pytest

from slipway.lab.project import locate
from slipway.run.cluster_security import cluster_security

PASSED = {"number": "2.2", "state": "pass", "level": "error", "message": "good", "remedy": ""}


@pytest.fixture
def examine(tmp_path, monkeypatch):
    """Examine a lab with the points that its playbook is made to write."""
    project = replace(locate(), state=tmp_path)
    (tmp_path / "report.json").touch()

    def run(clusters, trouble=""):
        def play(*_given):
            if clusters is not None:
                (tmp_path / "security.json").write_text(json.dumps(clusters))
            return trouble

        monkeypatch.setattr("slipway.run.cluster_security.run_quietly", play)
        return cluster_security(project, [])

    return run


@pytest.mark.parametrize(
    ("state", "level", "found"),
    [
        ("pass", "error", "ok"),
        ("fail", "error", "error"),
        ("fail", "warning", "warning"),
        ("unknown", "warning", "error"),
        ("not applicable", "error", "ok"),
    ],
)
def test_a_point_is_a_finding(examine, state, level, found):
    (finding,) = examine({"lab1": [{**PASSED, "state": state, "level": level}]})
    assert (finding.level, finding.check) == (found, "kubernetes 2.2")
    assert finding.message.startswith("not applicable") == (state == "not applicable")


def test_with_several_clusters_the_host_is_named(examine):
    assert [one.message for one in examine({"lab1": [PASSED], "lab2": [PASSED]})] == [
        "lab1: good",
        "lab2: good",
    ]


def test_a_former_result_does_not_count(examine):
    examine({"lab1": [PASSED]})
    (finding,) = examine(None)
    assert finding.level == "error" and "wrote no result" in finding.message
    (finding,) = examine(None, "no host answers")
    assert finding.level == "error" and "no host answers" in finding.message


def test_a_lab_without_a_cluster(examine):
    (finding,) = examine({})
    assert finding.level == "ok" and finding.message.startswith("not applicable")


def test_without_a_lab_nothing_is_run(tmp_path):
    (finding,) = cluster_security(replace(locate(), state=tmp_path), [])
    assert finding.message == "not applicable: no lab is up"
