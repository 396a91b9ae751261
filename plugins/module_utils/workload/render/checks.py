"""Check what only the rendered objects of an application show."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.security import (
    violations_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec

# The fields that identify an object.
IDENTITY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
# Content that belongs to an option: a change of the option replaces the pods, and secrets are never shown.
CONTENT = {
    "ConfigMap": {"data": "config"},
    "Secret": {"data": "secrets", "stringData": "secrets"},
}


def check_rendered(app: AppSpec, objects: list[dict], errors: ValidationErrors, path: str) -> None:
    """Note an overlay that fits no object, and pods that are not restricted although they are declared so.

    Args:
        app: The application.
        objects: Its objects.
        errors: Collects the mistakes.
        path: The place of the application in the task, for the messages.
    """
    _check_overlay(app, [obj["kind"] for obj in objects], errors, f"{path}.overlay")
    if app.pod_security == "restricted":
        for text in violations_of(app, objects):
            errors.add(f"{path}.pod_security", f"restricted does not allow this: {text}")


def _check_overlay(app: AppSpec, kinds: list[str], errors: ValidationErrors, path: str) -> None:
    for kind, overlay in app.overlay.items():
        place, before = f"{path}.{kind}", len(errors.found)
        _check_fields(overlay, CONTENT.get(kind, {}), errors, place)
        if len(errors.found) == before and kind not in kinds:
            known = ", ".join(dict.fromkeys(kinds))
            errors.add(place, f"the application has no object of this kind; it has {known}")


def _check_fields(
    overlay: dict, content: dict[str, str], errors: ValidationErrors, place: str
) -> None:
    metadata = overlay.get("metadata", {})
    if not isinstance(metadata, dict):
        errors.add(f"{place}.metadata", f"{metadata!r} is not a mapping of fields")
        return
    for name in [*overlay, *(f"metadata.{name}" for name in metadata)]:
        if name in IDENTITY:
            errors.add(f"{place}.{name}", "identifies the object and comes from the application")
        elif name in content:
            errors.add(f"{place}.{name}", f"belongs to the option {content[name]}")
