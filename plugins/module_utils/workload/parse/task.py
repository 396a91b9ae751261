"""Parse and check the options of a task besides its applications."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.set_parent import parent_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import usual_version_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.expectation import (
    Expectation,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FAIL_AFTER
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

EXPECTATION_OPTIONS = {
    "api_version": {"type": "str"},
    "kind": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str"},
    "condition": {"type": "str"},
    "status": {"type": "str", "default": "True"},
    "path": {"type": "str"},
    "value": {"type": "str"},
    "deleted": {"type": "bool", "default": False},
}


def parse_expectations(
    given: list[dict], namespace: str, objects: list[dict], errors: ValidationErrors
) -> list[Expectation]:
    """Return what a task waits for.

    Args:
        given: The entries of the option.
        namespace: The namespace of entries that name none.
        objects: The declared objects, whose kinds need no ``api_version``.
        errors: Receives the mistakes.
    """
    versions = {obj["kind"]: obj["apiVersion"] for obj in objects}
    found = []
    for index, entry in enumerate(given):
        where, kind = f"wait_for[{index}]", entry["kind"]
        version = entry.get("api_version") or versions.get(kind) or usual_version_of(kind, "")
        if not version:
            errors.add(f"{where}.api_version", f"is needed for the kind {kind}")
        if sum(bool(entry.get(name)) for name in ("condition", "path", "deleted")) != 1:
            errors.add(where, "needs exactly one of condition, path and deleted")
        if entry.get("value") is not None and not entry.get("path"):
            errors.add(f"{where}.value", "belongs to path")
        ref = ObjectRef(version, kind, entry.get("namespace") or namespace, entry["name"])
        found.append(
            Expectation(
                ref,
                entry.get("condition") or "",
                entry.get("status") or "True",
                entry.get("path") or "",
                entry.get("value"),
                bool(entry.get("deleted")),
            )
        )
    return found


def check_options(params: dict, errors: ValidationErrors) -> None:
    """Note options that contradict each other or are out of range."""
    if params["prune"] and not params.get("applyset"):
        errors.add("prune", "needs applyset, the name under which the members are recorded")
    if not params["adopt"] and not params.get("applyset"):
        errors.add("adopt", "needs applyset, the set that the objects are members of")
    if params.get("applyset"):
        try:
            parent_of(params["applyset"])
        except ValueError as error:
            errors.add("applyset", str(error))
    if params["prune"] and params["state"] == "absent":
        errors.add("prune", "contradicts state: absent")
    if params["wait_timeout"] < 1:
        errors.add("wait_timeout", "is in seconds, at least 1")
    for name, value in (params.get("fail_after") or {}).items():
        if value is not None and (name not in FAIL_AFTER or value < 0):
            errors.add(f"fail_after.{name}", "is unknown or negative")
