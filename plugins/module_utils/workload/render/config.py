"""Render ConfigMap and Secret of an application."""

from __future__ import annotations

import base64

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import as_text
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import metadata
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec


def render_config_map(app: AppSpec) -> dict | None:
    """Return the ConfigMap with the application's config, or None."""
    if not app.config:
        return None
    data = {str(name): as_text(value) for name, value in app.config.items()}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(app), "data": data}


def render_secret(app: AppSpec) -> dict | None:
    """Return the Secret with the application's secrets, or None."""
    if not app.secrets:
        return None
    data = {
        str(name): base64.b64encode(as_text(value).encode()).decode()
        for name, value in app.secrets.items()
    }
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata(app), "data": data}
