"""Parse applications in short form for tests."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.app import parse_app
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec


def app_spec(**options) -> AppSpec:
    """Return the parsed application ``web`` with these options. The options must be valid."""
    errors = ValidationErrors()
    spec = parse_app(
        {"name": "web", "image": "web:1", "namespace": "shop", **options}, errors, "web"
    )
    errors.stop()
    return spec


def app_mistakes(**options) -> list[str]:
    """Return the mistakes in the application ``web`` with these options."""
    errors = ValidationErrors()
    parse_app({"name": "web", "image": "web:1", "namespace": "shop", **options}, errors, "web")
    return errors.found
