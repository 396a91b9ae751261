"""Labels by which a Job finds its pods. The API server makes them up with the uid of the Job."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.expectation import value_at

LABELS = (
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
)


def without_made_up_labels(job: dict) -> dict:
    """Return a Job without the labels and the selector that only this one object can have."""
    selected = value_at(job, ".spec.selector.matchLabels")
    template = value_at(job, ".spec.template")
    is_made_up = isinstance(selected, dict) and set(LABELS) & set(selected)
    if not is_made_up or value_at(job, ".spec.manualSelector") or not isinstance(template, dict):
        return job
    spec = {name: value for name, value in job["spec"].items() if name != "selector"}
    spec["template"] = _without_labels(template)
    return {**_without_labels(job), "spec": spec}


def _without_labels(obj: dict) -> dict:
    """Return an object, or a template, without labels that the server has made up."""
    labels = value_at(obj, ".metadata.labels")
    if not isinstance(labels, dict):
        return obj
    kept = {name: value for name, value in labels.items() if name not in LABELS}
    return {**obj, "metadata": {**obj["metadata"], "labels": kept}}
