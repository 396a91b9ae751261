"""Tests of ``kube.job_labels``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.job_labels import (
    without_made_up_labels,
)

LABELS = {"app": "x", "job-name": "j", "batch.kubernetes.io/controller-uid": "u"}
SELECTOR = {"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}}
JOB = {
    "kind": "Job",
    "metadata": {"name": "j", "labels": LABELS},
    "spec": {"selector": SELECTOR, "template": {"metadata": {"labels": LABELS}, "spec": {}}},
}


def test_labels_and_selector_of_one_object_go():
    made = without_made_up_labels(JOB)
    assert made["metadata"] == {"name": "j", "labels": {"app": "x"}}
    assert made["spec"] == {"template": {"metadata": {"labels": {"app": "x"}}, "spec": {}}}
    assert JOB["metadata"]["labels"] == LABELS


@pytest.mark.parametrize(
    "spec",
    [
        None,
        {**JOB["spec"], "manualSelector": True},
        {**JOB["spec"], "selector": {"matchLabels": {"app": "x"}}},
        {**JOB["spec"], "selector": "text"},
        {**JOB["spec"], "template": None},
    ],
)
def test_other_jobs_stay_as_they_are(spec):
    job = {**JOB, "spec": spec}
    assert without_made_up_labels(job) is job
