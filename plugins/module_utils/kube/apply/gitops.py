"""Recognize objects of Argo CD and Flux, which set their declarations again after every change."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    difference,
    named_fields,
    union,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of

ARGO_CD, FLUX = "Argo CD", "Flux"
MANAGERS = {
    "argocd-controller": ARGO_CD,
    "argocd-application-controller": ARGO_CD,
    "kustomize-controller": FLUX,
    "helm-controller": FLUX,
}
# Labels and annotations by which the tools find their objects again.
MARKS = {
    "argocd.argoproj.io/tracking-id": ARGO_CD,
    "argocd.argoproj.io/instance": ARGO_CD,
    "kustomize.toolkit.fluxcd.io/name": FLUX,
    "helm.toolkit.fluxcd.io/name": FLUX,
}


def tool_of(obj: dict) -> str:
    """Return the tool that tracks an object; empty without one."""
    metadata = obj["metadata"]
    marks = {**(metadata.get("labels") or {}), **(metadata.get("annotations") or {})}
    tools = [tool for mark, tool in MARKS.items() if mark in marks]
    return tools[0] if tools else ""


def fields_of_tools(obj: dict) -> dict:
    """Return the fields of an object that the tools own, as a field set."""
    fields: dict = {}
    for entry in obj["metadata"].get("managedFields") or []:
        if entry.get("manager") in MANAGERS and not entry.get("subresource"):
            fields = union(fields, entry.get("fieldsV1") or {})
    return fields


def has_labelled(obj: dict, label: str) -> bool:
    """Return whether one of the tools declares a label of an object."""
    labels = (fields_of_tools(obj).get("f:metadata") or {}).get("f:labels") or {}
    return f"f:{label}" in labels


def revert_hint(owners: Iterable[str]) -> str:
    """Return the next step for a conflict with managers of the tools; empty without one of them."""
    tools = sorted({MANAGERS[owner] for owner in owners if owner in MANAGERS})
    if not tools:
        return ""
    return (
        f"{' and '.join(tools)} will revert a change of its fields, so change them in its source, or leave them "
        "out here; force: true takes them over only until it synchronizes again"
    )


def overridden_note(before: dict, after: dict) -> str:
    """Return a warning about fields that a task took over from the tools; empty without any."""
    taken = difference(fields_of_tools(before), fields_of_tools(after))
    names = named_fields(after, taken)
    if not names:
        return ""
    owners = [entry.get("manager") for entry in before["metadata"].get("managedFields") or []]
    tools = " and ".join(sorted({MANAGERS[owner] for owner in owners if owner in MANAGERS}))
    return (
        f"{ref_of(after)}: {tools} declares fields that this task has taken over, and will revert them when it "
        f"synchronizes: {', '.join(names)}"
    )
