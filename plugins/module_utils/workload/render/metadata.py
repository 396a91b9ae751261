"""Names and labels of every object of an application."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import KEEP
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec

NAME_LABEL = "app.kubernetes.io/name"
MANAGED_LABEL = "app.kubernetes.io/managed-by"


def without_none(mapping: dict) -> dict:
    """Return the entries whose value is not None."""
    return {name: value for name, value in mapping.items() if value is not None}


def object_labels(name: str, labels: dict[str, str]) -> dict:
    """Return the labels of every object of an application: its own and Slipway's."""
    return {**labels, NAME_LABEL: name, MANAGED_LABEL: "slipway"}


def metadata(app: AppSpec, name: str | None = None, annotations: dict | None = None) -> dict:
    """Return the metadata of an object that has the application's name, or another one."""
    marks = {**(annotations or {}), **({KEEP: "true"} if app.keep else {})}
    return {
        "name": name or app.name,
        "namespace": app.namespace,
        "labels": object_labels(app.name, app.labels),
        **({"annotations": marks} if marks else {}),
    }
