"""Explain refusals of the API server, and fields of other managers, in terms of what the task declared."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import (
    gitops,
    ports_in_the_way,
    taken,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import HOLDS_DATA
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    covers,
    first_of,
    group_of,
    reference,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.quantities import (
    REFUSAL,
    refused_quantities,
)

MAX_LINES = 10
# The API server refuses a change of a StatefulSet without the name of the field.
OTHER_FIELDS = re.compile(r"for fields other than (.*) are forbidden")
INVALID_VALUE = "Invalid value: "
# A quantity as servers before Kubernetes 1.34 compare it.
GO_QUANTITY = re.compile(r's("[^"]+"): \{i: resource\.\w+\{.*?\}, s: ("[^"]*"), Format: "\w+"\}')
MAX_CAUSE, MAX_CHANGES = 160, 6


def explain(
    error: ApiError,
    ref: ObjectRef,
    live: dict | None = None,
    declared: dict | None = None,
    client: KubeClient | None = None,
) -> KubeError:
    """Return the error for a refused object, with a next step where one is known.

    Args:
        error: The refusal.
        ref: Identifies the object.
        live: The object before, if it is known.
        declared: The object as the task declares it, if there is one.
        client: Looks for what holds a taken address or port.
    """
    conflicts = error.conflicts()
    if conflicts:
        listed = ", ".join(f"{entry['field']} belongs to {entry['owner']}" for entry in conflicts)
        step = gitops.revert_hint(entry["owner"] for entry in conflicts)
        return KubeError(
            f"{ref}: other managers own fields that this task declares: {listed}; "
            f"{step or 'leave the fields out, or take them over with force: true'}",
            conflicts=conflicts,
        )
    if error.status == 403 and "being terminated" in str(error):
        return KubeError(
            f"{ref}: namespace {ref.namespace} is being deleted; wait for its end, or set "
            "create_namespace: true, which waits and creates it again",
            **error.result,
        )
    if error.status == 404 and not error.body:
        return KubeError(
            f"{ref}: the API server no longer serves {ref.kind} in {ref.api_version}; its definition does not "
            "serve this version, or is being deleted"
        )
    if error.status == 404 and "namespaces" in str(error):
        return KubeError(
            f"{ref}: namespace {ref.namespace} does not exist; create it first, or set "
            "create_namespace: true"
        )
    text = str(error)
    if REFUSAL in text and (refused := refused_quantities(declared or {})):
        text = "; ".join(refused)
    text += ports_in_the_way.explain(error, live, declared)
    text += taken.explain(error, client) if client else ""
    if error.status == 404 and group_of(ref.api_version):
        text += f" ({ref.api_version} {ref.kind})"
    return KubeError(f"{ref}: {text}", **error.result)


def explain_immutable(
    error: ApiError, ref: ObjectRef, live: dict | None, declared: dict
) -> KubeError:
    """Return the error for a change that is only possible by recreating the object.

    Args:
        error: The refusal.
        ref: Identifies the object.
        live: The object before, if it is known.
        declared: The object as the task declares it.
    """
    named = _forbidden_fields(str(error), live or {}, declared) or [
        f"{cause.get('field')}: {_shortened(cause)}" for cause in error.causes
    ]
    step = (
        "it would need a new object, and recreate does not delete what holds data"
        if ref.own_kind in HOLDS_DATA
        else "recreate: true deletes the object and creates it again"
    )
    return KubeError(
        f"{ref}: this change is not possible in place ({'; '.join(named) or error}); {step}"
    )


def _forbidden_fields(text: str, live: dict, declared: dict) -> list[str]:
    """Return the fields that a declaration changes, where the server names only those that may be changed."""
    allowed = OTHER_FIELDS.search(text)
    if not allowed:
        return []
    before, after = live.get("spec") or {}, declared.get("spec") or {}
    return [
        f"spec.{name}: only {allowed[1]} can change"
        for name in after
        if f"'{name}'" not in allowed[1] and not covers(before.get(name), after[name])
    ]


def _shortened(cause: dict) -> str:
    """Return the message of a cause without the value, or with the changed lines of a comparison."""
    first, *lines = cause.get("message", "").splitlines() or [""]
    if first.startswith(INVALID_VALUE) and len(first) > MAX_CAUSE:
        return first.rpartition(": ")[2]
    changed = [(line[0], line[1:].strip(" \t,")) for line in lines if line[:1] in ("-", "+")]
    values = [
        sign + " " + GO_QUANTITY.sub(r"\1: \2", text)
        for sign, text in changed
        if not text.endswith("{") and text.strip("})")
    ]
    return f"{first} ({first_of(values, MAX_CHANGES)})" if values else first


def refusal_text(refused: list[tuple[ObjectRef, KubeError]]) -> str:
    """Return the message for refused objects, one line each, at most MAX_LINES."""
    lines = [
        str(error) if str(error).startswith(ref.kind) else f"{ref}: {error}"
        for ref, error in refused
    ]
    shown = lines[:MAX_LINES]
    if len(lines) > len(shown):
        shown.append(f"... and {len(lines) - len(shown)} more")
    return "\n".join(shown)


def refusal_entry(ref: ObjectRef, error: KubeError) -> dict:
    """Return a refused object as a module returns it."""
    return {**reference(ref), "message": str(error), **error.result}
