from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.workload import (
    render_app,
    render_workload,
)
from support.apps import app_spec


def test_an_application_is_rendered_to_all_of_its_objects():
    app = app_spec(
        config={"a": 1},
        secrets={"b": 2},
        volumes=[{"name": "data", "mount": "/data", "size": "1Gi"}],
        ports=[80],
        ingress={"path": "/", "path_type": "Prefix"},
        autoscale={"min": 1, "max": 3, "cpu": 50},
        disruption_budget={"max_unavailable": 1},
    )
    assert [obj["kind"] for obj in render_app(app)] == [
        "ConfigMap",
        "Secret",
        "PersistentVolumeClaim",
        "Service",
        "Deployment",
        "Ingress",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
    ]
    assert {obj["metadata"]["namespace"] for obj in render_app(app)} == {"shop"}


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


def test_every_object_of_a_kept_application_is_marked():
    app = app_spec(
        keep=True,
        config={"a": 1},
        secrets={"b": 2},
        volumes=[{"name": "data", "mount": "/data", "size": "1Gi"}],
        ports=[80],
        ingress={"path": "/", "path_type": "Prefix", "annotations": {"a": "b"}},
        autoscale={"min": 1, "max": 3, "cpu": 50},
        disruption_budget={"max_unavailable": 1},
        annotations={"x": "y"},
    )
    rendered = render_app(app)
    assert len(rendered) == 8
    for obj in rendered:
        assert obj["metadata"]["annotations"]["slipway/keep"] == "true"
        if obj["kind"] == "Deployment":
            assert obj["metadata"]["annotations"]["x"] == "y"
            template = obj["spec"]["template"]["metadata"]["annotations"]
            assert template["x"] == "y" and "slipway/keep" not in template
