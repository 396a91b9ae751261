"""Fill in the profile ``restricted`` of the Pod Security Standards, and judge the result."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import template_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.pod_security import (
    declares_non_root,
    restricted,
    violations,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec


def secured(workload: dict, choice: str | None) -> dict:
    """Return a workload with the fields of the profile if it is to have them.

    Without a choice, it has them if it declares that no container runs as root, and nothing that contradicts the
    profile. Only then its images surely allow it.

    Args:
        workload: The workload, with all that the user declares.
        choice: ``restricted``, ``none`` or None.
    """
    spec = _pod_spec(workload)
    candidate = restricted(spec)
    suits = declares_non_root(spec) and not violations(candidate)
    if spec and (choice == "restricted" or (choice is None and suits)):
        template_of(workload)["spec"] = candidate
    return workload


def violations_of(app: AppSpec, objects: list[dict]) -> list[str]:
    """Return what keeps the pods of an application from the profile."""
    return [
        text for obj in objects if obj["kind"] == app.kind for text in violations(_pod_spec(obj))
    ]


def pod_security_of(app: AppSpec, objects: list[dict]) -> dict:
    """Return whether the pods of an application fit the profile, as the module returns it."""
    found = violations_of(app, objects)
    return {
        "namespace": app.namespace,
        "name": app.name,
        "restricted": not found,
        "violations": found,
    }


def _pod_spec(workload: dict) -> dict:
    try:
        spec = template_of(workload)["spec"]
    except (KeyError, TypeError):  # an overlay has replaced it, and the API server will refuse that
        return {}
    return spec if isinstance(spec, dict) else {}
