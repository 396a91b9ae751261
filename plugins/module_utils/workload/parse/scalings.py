"""Parse the workloads that a task scales."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import usual_version_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import (
    Scaling,
    parse_replicas,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

PATH = "workload_scale"


def parse_scalings(params: dict, namespace: str, errors: ValidationErrors) -> list[Scaling]:
    """Return the workloads that the parameters name.

    Args:
        params: The parameters of the module.
        namespace: The namespace of workloads that name none.
        errors: Collects the mistakes.
    """
    entries = params.get("workloads") or ([params] if params.get("name") else [])
    scalings, seen = [], set()
    for index, entry in enumerate(entries):
        path = f"workloads[{index}]" if params.get("workloads") else PATH
        ref = _parse_ref(entry, namespace, errors, path)
        if ref in seen:
            errors.add(path, f"{ref} is named twice")
        seen.add(ref)
        replicas = entry.get("replicas")
        if replicas is None:
            replicas = params.get("replicas")
        if params.get("autoscale") and replicas is not None:
            errors.add(path, "replicas and autoscale contradict each other")
        if params.get("autoscale") and ref.kind == "Job":
            errors.add(path, "an autoscaler cannot scale a Job")
        scaling = parse_scaling(
            ref, {**params, "replicas": replicas}, entry.get("current_replicas"), errors, path
        )
        scalings.append(scaling)
    return scalings


def parse_scaling(
    ref: ObjectRef, params: dict, current: int | None, errors: ValidationErrors, path: str = PATH
) -> Scaling:
    """Return the scaling of one workload.

    Args:
        ref: Identifies the workload.
        params: Contains ``replicas``, or ``autoscale``, which leaves the number as it is.
        current: The number that the workload must have before, or None.
        errors: Collects the mistakes.
        path: The place of the workload in the task, for the messages.
    """
    if params.get("autoscale"):
        return Scaling(ref, "+0", current)
    return Scaling(ref, _parse_replicas(params.get("replicas"), errors, path), current)


def _parse_replicas(value: Any, errors: ValidationErrors, path: str) -> int | str:
    try:
        return parse_replicas(value)
    except KubeError as error:
        errors.add(path, str(error))
        return 0


def scaled_kind(
    entry: dict, default: str, errors: ValidationErrors, path: str = PATH
) -> tuple[str, str]:
    """Return the API version and the kind of a workload.

    Args:
        entry: Contains ``kind`` and ``api_version``, or not.
        default: The kind when the entry names none.
        errors: Collects the mistakes.
        path: The place of the entry in the task, for the messages.
    """
    kind = entry.get("kind") or default
    version = entry.get("api_version") or usual_version_of(kind, "")
    if not version:
        errors.add(f"{path}.api_version", f"is needed for the kind {kind}")
    return version, kind


def _parse_ref(entry: dict, namespace: str, errors: ValidationErrors, path: str) -> ObjectRef:
    check.subdomain(errors, f"{path}.name", entry["name"])
    version, kind = scaled_kind(entry, "Deployment", errors, path)
    ref = ObjectRef(version, kind, entry.get("namespace") or namespace, entry["name"] or "")
    check.label_name(errors, f"{path}.namespace", ref.namespace)
    return ref
