"""Render autoscaler, disruption budget and update strategy of an application."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import api_version_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    NAME_LABEL,
    metadata,
    object_labels,
    without_none,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import (
    AppSpec,
    AutoscaleSpec,
    StrategySpec,
)


def render_autoscaler(target: ObjectRef, labels: dict, bounds: AutoscaleSpec) -> dict:
    """Return the HorizontalPodAutoscaler of a workload."""
    metrics = [
        {
            "type": "Resource",
            "resource": {
                "name": name,
                "target": {"type": "Utilization", "averageUtilization": percent},
            },
        }
        for name, percent in (("cpu", bounds.cpu), ("memory", bounds.memory))
        if percent
    ]
    return {
        "apiVersion": api_version_of("HorizontalPodAutoscaler"),
        "kind": "HorizontalPodAutoscaler",
        "metadata": {
            "name": target.name,
            "namespace": target.namespace,
            "labels": object_labels(target.name, labels),
        },
        "spec": without_none(
            {
                "scaleTargetRef": {
                    "apiVersion": target.api_version,
                    "kind": target.kind,
                    "name": target.name,
                },
                "minReplicas": bounds.min,
                "maxReplicas": bounds.max,
                "metrics": metrics,
                "behavior": bounds.behavior,
            }
        ),
    }


def render_app_autoscaler(app: AppSpec) -> dict | None:
    """Return the HorizontalPodAutoscaler of an application, or None."""
    if not app.autoscale:
        return None
    target = ObjectRef(api_version_of(app.kind), app.kind, app.namespace, app.name)
    return {**render_autoscaler(target, app.labels, app.autoscale), "metadata": metadata(app)}


def render_budget(app: AppSpec) -> dict | None:
    """Return the PodDisruptionBudget, or None."""
    if not app.disruption_budget:
        return None
    return {
        "apiVersion": api_version_of("PodDisruptionBudget"),
        "kind": "PodDisruptionBudget",
        "metadata": metadata(app),
        "spec": without_none(
            {
                "selector": {"matchLabels": {NAME_LABEL: app.name}},
                "minAvailable": app.disruption_budget["min_available"],
                "maxUnavailable": app.disruption_budget["max_unavailable"],
            }
        ),
    }


def render_strategy(strategy: StrategySpec) -> dict:
    """Return the update strategy in the form of the API."""
    rolling = without_none(
        {
            "maxSurge": strategy.max_surge,
            "maxUnavailable": strategy.max_unavailable,
            "partition": strategy.partition,
        }
    )
    return {"type": strategy.type, **({"rollingUpdate": rolling} if rolling else {})}
