"""Check the form of a manifest, and bring it into the form in which it is applied."""

from __future__ import annotations

import base64
import copy
import json
import re
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    LAST_APPLIED,
    kind_of,
    whole_manifest,
    without_job_labels,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import is_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.expectation import value_at
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import (
    SUBDOMAIN,
    ValidationErrors,
)

# Kinds with text in base64, and the field that has it.
ENCODED = {"Secret": "data", "ConfigMap": "binaryData"}
# kustomize itself reads these files. They may leave out apiVersion and kind.
KUSTOMIZATION = re.compile(r"(^|/)(kustomization\.ya?ml|Kustomization)$")
KUSTOMIZE = "kustomize.config.k8s.io/"
LINE_ENDS = str.maketrans("", "", "\r\n")


def is_sound(obj: dict, where: str, problems: ValidationErrors) -> bool:
    """Return whether a manifest identifies an object and has text where Kubernetes has text.

    Args:
        obj: The manifest.
        where: Its place in the task.
        problems: Receives the mistakes.
    """
    before = len(problems.found)
    if str(obj.get("apiVersion") or "").startswith(KUSTOMIZE) or (
        "apiVersion" not in obj and KUSTOMIZATION.search(where)
    ):
        problems.add(where, "is for kustomize; give its directory as {kustomize: DIRECTORY}")
        return False
    for name in ("apiVersion", "kind"):
        if not isinstance(obj.get(name), str) or not obj[name]:
            problems.add(where, f"{name} is missing or no text")
    metadata = obj.get("metadata")
    if not isinstance(metadata, dict):
        problems.add(where, "metadata is missing or no mapping")
        return False
    _check_names(metadata, where, problems)
    for field in ("labels", "annotations"):
        _check_strings(metadata.get(field), where, f"metadata.{field}", problems)
    kind = kind_of(obj)
    if kind in list(ENCODED):  # a kind may be anything here
        is_secret = kind == "Secret"
        for field in ("data", "stringData", "binaryData"):
            _check_strings(obj.get(field), where, field, problems, is_secret)
        field = ENCODED[kind]
        _check_encoded(obj.get(field), where, field, problems)
    return len(problems.found) == before


def _check_names(metadata: dict, where: str, problems: ValidationErrors) -> None:
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if not name and metadata.get("generateName"):
        problems.add(where, "generateName cannot be applied repeatedly; give metadata.name")
    elif isinstance(name, (int, float)):
        problems.add(where, f"metadata.name: {json.dumps(name)} is not a string; quote it")
    elif not isinstance(name, str) or not is_segment(name) or len(name) > 253:
        problems.add(where, f"metadata.name: {name!r} is not a valid name")
    # templates render an empty namespace where none is meant
    if namespace not in (None, "") and (
        not isinstance(namespace, str) or not SUBDOMAIN.fullmatch(namespace)
    ):
        problems.add(where, f"metadata.namespace: {namespace!r} is not a valid name of a namespace")


def _check_strings(
    values: Any, where: str, field: str, problems: ValidationErrors, is_secret: bool = False
) -> None:
    if values is not None and not isinstance(values, dict):
        problems.add(where, f"{field} is not a mapping")
        return
    for key, value in (values or {}).items():
        if not isinstance(value, str):
            shown = "null" if value is None else json.dumps(value, default=str)
            place = f"{field}.{key}" if is_secret else f"{field}.{key}: {shown}"
            problems.add(where, f"{place} is not a string; quote it")


def _check_encoded(values: Any, where: str, field: str, problems: ValidationErrors) -> None:
    place = "stringData" if field == "data" else "data"
    for key, value in (values if isinstance(values, dict) else {}).items():
        try:
            decoded(value if isinstance(value, str) else "")
        except ValueError:
            problems.add(where, f"{field}.{key} is not base64; text as it is belongs to {place}")


def decoded(text: str) -> bytes:
    """Return the content of text in base64, which may be wrapped, as Kubernetes decodes it.

    Raises:
        ValueError: The text is not base64.
    """
    return base64.b64decode(text.translate(LINE_ENDS), validate=True)


def declared_form(obj: dict) -> dict:
    """Return a manifest as it is applied.

    It has no fields that the server set, also where an exported Job has its uid in labels, and no record of ``kubectl
    apply``, which is about another declaration. ``stringData`` is part of ``data``, and base64 has no line ends. A
    ClusterRole that aggregates others has no rules, because a controller writes them, whatever the manifest has. The
    same goes for a ``caBundle`` without a certificate, which generators of manifests write as a placeholder.
    """
    result = whole_manifest(obj)
    if not result["metadata"].get("namespace"):
        result["metadata"].pop("namespace", None)
    result["metadata"] = _without_record(result["metadata"])
    kind = kind_of(obj)
    field = ENCODED.get(kind, "")
    if isinstance(result.get(field), dict):
        result[field] = {k: v.translate(LINE_ENDS) for k, v in result[field].items()}
    if kind == "Secret" and isinstance(obj.get("stringData"), dict):
        text = {
            k: base64.b64encode(v.encode()).decode() for k, v in result.pop("stringData").items()
        }
        result["data"] = {**(result.get("data") or {}), **text}
    if kind == "Job":
        result = without_job_labels(result)
    if kind == "ClusterRole" and obj.get("aggregationRule"):
        result.pop("rules", None)
    if any(map(_has_placeholder, _webhook_clients(result))):
        result = copy.deepcopy(result)
        for client in filter(_has_placeholder, _webhook_clients(result)):
            del client["caBundle"]
    return result


def _without_record(metadata: dict) -> dict:
    annotations = metadata.get("annotations") or {}
    if LAST_APPLIED not in annotations:
        return metadata
    kept = {name: value for name, value in annotations.items() if name != LAST_APPLIED}
    return {**metadata, "annotations": kept}


def _webhook_clients(obj: dict) -> list:
    """Return the parts of an object that declare how the API server calls another server."""
    if obj["kind"].endswith("WebhookConfiguration"):
        hooks = obj.get("webhooks")
        return [
            value_at(hook, ".clientConfig") for hook in (hooks if isinstance(hooks, list) else [])
        ]
    if kind_of(obj) == "CustomResourceDefinition":
        return [value_at(obj, ".spec.conversion.webhook.clientConfig")]
    return [obj.get("spec")] if kind_of(obj) == "APIService" else []


def _has_placeholder(client: Any) -> bool:
    """Return whether there is white space where the certificates of a server belong."""
    bundle = client.get("caBundle") if isinstance(client, dict) else None
    try:
        return isinstance(bundle, str) and not decoded(bundle).strip()
    except ValueError:
        return False
