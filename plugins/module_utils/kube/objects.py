"""Small questions about Kubernetes objects as plain dictionaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import own_kind

# Server-side apply would take deletionTimestamp from a manifest that was exported during a deletion.
SERVER_FIELDS = (
    "managedFields",
    "resourceVersion",
    "uid",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "selfLink",
)
# Labels by which a Job finds its pods. The server makes them up with the uid.
JOB_LABELS = (
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
)
HIDDEN = "(hidden)"
SIZE_OF_CLAIM = "spec.resources.requests.storage"
MAX_LISTED = 5
# kubectl apply keeps the declaration in it
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class ObjectRef(NamedTuple):
    """The identity of an object."""

    api_version: str
    kind: str
    namespace: str
    name: str

    @property
    def own_kind(self) -> str:
        """Return the kind; empty if another API group only has a kind of this name."""
        return own_kind(self.api_version, self.kind)

    def __str__(self) -> str:
        where = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {where}"


def ref_of(obj: dict) -> ObjectRef:
    """Return the reference of an object; missing parts are empty."""
    metadata = obj.get("metadata") or {}
    return ObjectRef(
        obj.get("apiVersion", ""),
        obj.get("kind", ""),
        metadata.get("namespace") or "",
        metadata.get("name") or "",
    )


def kind_of(obj: dict) -> str:
    """Return the kind of an object; empty if another API group only has a kind of this name."""
    return own_kind(obj.get("apiVersion"), obj.get("kind") or "")


def reference(key: ObjectRef) -> dict:
    """Return the reference as results show it."""
    return {"kind": key.kind, "namespace": key.namespace, "name": key.name}


def template_of(workload: dict) -> dict:
    """Return the pod template of a workload or a CronJob."""
    spec = workload["spec"]
    return spec["jobTemplate"]["spec"]["template"] if "jobTemplate" in spec else spec["template"]


def group_of(api_version: str) -> str:
    """Return the API group; empty for the core group."""
    return api_version.rpartition("/")[0]


def condition(obj: dict, kind: str) -> dict:
    """Return the condition of a type, or an empty dictionary."""
    for entry in (obj.get("status") or {}).get("conditions") or []:
        # custom resources may have anything there
        if isinstance(entry, dict) and entry.get("type") == kind:
            return entry
    return {}


def condition_is_true(obj: dict, kind: str) -> bool:
    """Return whether the condition of that type has the status True."""
    return condition(obj, kind).get("status") == "True"


def is_ready(obj: dict) -> bool:
    """Return whether a pod or a node reports that it is ready."""
    return condition_is_true(obj, "Ready")


def is_ending(obj: dict) -> bool:
    """Return whether an object is being deleted."""
    return bool((obj.get("metadata") or {}).get("deletionTimestamp"))


def is_working(pod: dict) -> bool:
    """Return whether a pod is ready and is not being deleted."""
    return is_ready(pod) and not is_ending(pod)


def is_observed(obj: dict) -> bool:
    """Return whether the status belongs to the current spec. A missing status never does."""
    observed = _observed_generation(obj.get("status") or {})
    return observed is not None and observed >= obj["metadata"].get("generation", 0)


def is_outdated(obj: dict, state: dict | None = None) -> bool:
    """Return whether the status is about an earlier declaration. Not all kinds tell; others count as current.

    Args:
        obj: The object.
        state: A condition to judge instead of the whole status.
    """
    observed = _observed_generation(state if state is not None else obj.get("status") or {})
    return observed is not None and observed < obj["metadata"].get("generation", 0)


def _observed_generation(state: dict) -> int | None:
    """Return the generation that a status is about; None where it does not tell."""
    observed = state.get("observedGeneration")
    text = str(observed)
    # a Rollout of Argo has text; custom resources may have anything there
    return int(text) if isinstance(observed, (int, str)) and text.isdecimal() else None


def covers(found: Any, expected: Any) -> bool:
    """Return whether a value has everything that is expected; the server adds defaults."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return all(name in found and covers(found[name], one) for name, one in expected.items())
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(covers, found, expected))
    return found == expected


def matches(selector: dict | None, labels: dict | None) -> bool:
    """Return whether a LabelSelector selects labels.

    An empty or missing selector selects nothing here.
    """
    if not selector:
        return False
    labels = labels or {}
    for name, value in (selector.get("matchLabels") or {}).items():
        if labels.get(name) != value:
            return False
    for rule in selector.get("matchExpressions") or []:
        value, operator = labels.get(rule["key"]), rule["operator"]
        allowed = {
            "In": value in (rule.get("values") or []),
            "NotIn": value not in (rule.get("values") or []),
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }
        if not allowed[operator]:
            return False
    return True


def whole_manifest(obj: dict) -> dict:
    """Return an object as a manifest: everything except what the server sets."""
    manifest = {name: value for name, value in obj.items() if name != "status"}
    manifest["metadata"] = {
        name: value
        for name, value in (obj.get("metadata") or {}).items()
        if name not in SERVER_FIELDS
    }
    return manifest


def without_job_labels(job: dict) -> dict:
    """Return a Job without the labels and the selector that only this one object can have."""
    spec = job["spec"] if isinstance(job.get("spec"), dict) else {}
    selector, template = spec.get("selector"), spec.get("template")
    selected = selector.get("matchLabels") if isinstance(selector, dict) else None
    is_made_up = isinstance(selected, dict) and set(JOB_LABELS) & set(selected)
    if not is_made_up or spec.get("manualSelector") or not isinstance(template, dict):
        return job
    rest = {name: value for name, value in spec.items() if name != "selector"}
    return {**_without_job_labels(job), "spec": {**rest, "template": _without_job_labels(template)}}


def _without_job_labels(obj: dict) -> dict:
    metadata = obj.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    if not isinstance(labels, dict):
        return obj
    kept = {name: value for name, value in labels.items() if name not in JOB_LABELS}
    return {**obj, "metadata": {**metadata, "labels": kept}}


def overlaid(value: Any, other: Any) -> Any:
    """Return a value with everything that another one declares: mappings are merged, other values replaced."""
    if not isinstance(value, dict) or not isinstance(other, dict):
        return other
    return {**value, **{name: overlaid(value.get(name), part) for name, part in other.items()}}


def without_server_fields(obj: dict | None) -> dict:
    """Return the object for a diff: no status, no fields of the server, no content of a Secret."""
    if not obj:
        return {}
    result = whole_manifest(obj)
    if obj.get("kind") == "Secret":
        for field in ("data", "stringData"):
            if isinstance(result.get(field), dict):
                result[field] = dict.fromkeys(result[field], HIDDEN)
        annotations = result["metadata"].get("annotations") or {}
        if LAST_APPLIED in annotations:  # a copy of the whole object
            result["metadata"]["annotations"] = {**annotations, LAST_APPLIED: HIDDEN}
    return result


def first_of(things: Sequence[object], limit: int = MAX_LISTED) -> str:
    """Return the first objects or names of a list and the number of the others: ``a, b and 3 more``."""
    listed = ", ".join(map(str, things[:limit]))
    return f"{listed} and {len(things) - limit} more" if len(things) > limit else listed


def as_text(value: Any) -> str:
    """Return a scalar as Kubernetes has it in a text: booleans in lower case, nothing as empty."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def seconds_since(timestamp: str | None, now: datetime | None = None) -> float:
    """Return the age of an API timestamp (RFC 3339) in seconds; 0 without a timestamp."""
    if not timestamp:
        return 0.0
    text = re.sub(r"(\.\d{1,6})\d*", r"\1", timestamp.replace("Z", "+00:00"))
    return (
        (now or datetime.now(timezone.utc)) - datetime.fromisoformat(text.replace("Z", "+00:00"))
    ).total_seconds()
