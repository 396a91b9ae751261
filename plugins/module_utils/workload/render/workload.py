"""Render the workload of an application."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    BATCH_KINDS,
    api_version_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    NAME_LABEL,
    metadata,
    object_labels,
    without_none,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.pod import pod_template
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.scaling import (
    render_strategy,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.storage import claim_spec
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec


def render_workload(app: AppSpec) -> dict:
    """Return the Deployment, StatefulSet, DaemonSet, Job or CronJob."""
    return {
        "apiVersion": api_version_of(app.kind),
        "kind": app.kind,
        "metadata": metadata(app, annotations=app.annotations),
        "spec": _batch_spec(app) if app.kind in BATCH_KINDS else _rollout_spec(app),
    }


def _batch_spec(app: AppSpec) -> dict:
    job = without_none(
        {
            "template": pod_template(app),
            "completions": app.completions,
            "parallelism": app.parallelism,
            "backoffLimit": app.backoff_limit,
            "activeDeadlineSeconds": app.active_deadline,
            "ttlSecondsAfterFinished": app.ttl_after_finished,
        }
    )
    if app.kind == "Job":
        return without_none({**job, "suspend": app.suspend})
    labels = object_labels(app.name, app.labels)
    return without_none(
        {
            "schedule": app.schedule,
            "timeZone": app.time_zone,
            "concurrencyPolicy": app.concurrency,
            "successfulJobsHistoryLimit": app.successful_history,
            "failedJobsHistoryLimit": app.failed_history,
            "suspend": app.suspend,
            "jobTemplate": {"metadata": {"labels": labels}, "spec": job},
        }
    )


def _rollout_spec(app: AppSpec) -> dict:
    spec = without_none(
        {
            "replicas": app.replicas,
            "selector": {"matchLabels": {NAME_LABEL: app.name}},
            "template": pod_template(app),
            "minReadySeconds": app.min_ready_seconds,
            "progressDeadlineSeconds": app.progress_deadline,
            "revisionHistoryLimit": app.revision_history,
        }
    )
    if app.update_strategy:
        field = "strategy" if app.kind == "Deployment" else "updateStrategy"
        spec[field] = render_strategy(app.update_strategy)
    if app.kind == "StatefulSet":
        spec["serviceName"] = app.name
        claims = [
            {"metadata": {"name": volume["name"]}, "spec": claim_spec(volume)}
            for volume in app.volumes
            if volume.get("size")
        ]
        if claims:
            spec["volumeClaimTemplates"] = claims
    return spec
