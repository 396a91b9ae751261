"""Tests of ``workload.steps.manual_job``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.manual_job import job_of


def test_a_job_has_the_template_and_the_owner_that_kubectl_gives_it(api, cluster):
    metadata = {"labels": {"a": "b"}, "annotations": {"c": "d"}}
    template = {"metadata": metadata, "spec": {"backoffLimit": 1}}
    place = {"name": "backup", "namespace": "default", "uid": "u"}
    api.put("cronjobs", {"metadata": place, "spec": {"jobTemplate": template}})
    job = job_of(cluster, "default", "backup", None)
    assert job["spec"] == {"backoffLimit": 1}
    assert job["metadata"] == {
        "namespace": "default",
        "labels": {"a": "b"},
        "annotations": {"c": "d", "cronjob.kubernetes.io/instantiate": "manual"},
        "ownerReferences": [
            {"apiVersion": "batch/v1", "kind": "CronJob", "name": "backup", "uid": "u", "controller": True}
        ],
        "generateName": "backup-",
    }  # fmt: skip
    assert job_of(cluster, "default", "backup", "now")["metadata"]["name"] == "now"


def test_a_cron_job_that_does_not_exist_is_an_error(cluster):
    with pytest.raises(KubeError, match="CronJob default/none does not exist; nothing was created"):
        job_of(cluster, "default", "none", None)
