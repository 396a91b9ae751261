from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.workload import (
    render_workload,
)
from support.apps import app_spec


def test_replicas_are_left_out_unless_they_were_declared():
    assert "replicas" not in render_workload(app_spec())["spec"]
    assert render_workload(app_spec(replicas=0))["spec"]["replicas"] == 0


@pytest.mark.parametrize(
    ("kind", "field"), [("Deployment", "strategy"), ("DaemonSet", "updateStrategy")]
)
def test_the_field_of_the_strategy_depends_on_the_kind(kind, field):
    spec = render_workload(app_spec(kind=kind, update_strategy={"max_unavailable": 1}))["spec"]
    assert spec[field] == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}


def test_a_stateful_set_names_its_service_and_its_claims():
    volumes = [{"name": "data", "mount": "/data", "size": "1Gi"}]
    spec = render_workload(app_spec(kind="StatefulSet", volumes=volumes))["spec"]
    assert spec["serviceName"] == "web"
    assert spec["volumeClaimTemplates"][0]["metadata"] == {"name": "data"}


def test_a_cron_job_wraps_its_job():
    spec = render_workload(app_spec(kind="CronJob", schedule="@daily", backoff_limit=0))["spec"]
    assert spec["schedule"] == "@daily"
    assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0
    job = render_workload(app_spec(kind="Job", suspend=True, completions=2))["spec"]
    assert (job["suspend"], job["completions"]) == (True, 2)


def test_limits_of_jobs_that_have_ended():
    options = {"time_zone": "Asia/Seoul", "successful_history": 0, "failed_history": 2}
    app = app_spec(kind="CronJob", schedule="@daily", ttl_after_finished=60, **options)
    spec = render_workload(app)["spec"]
    assert spec["timeZone"] == "Asia/Seoul"
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (0, 2)
    assert spec["jobTemplate"]["spec"]["ttlSecondsAfterFinished"] == 60
