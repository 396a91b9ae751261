"""Render an application as Kubernetes objects."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.config import (
    render_config_map,
    render_secret,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.overlay import merged
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.scaling import (
    render_app_autoscaler,
    render_budget,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.security import secured
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.service import (
    render_ingress,
    render_service,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.storage import (
    render_claims,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.workload import (
    render_workload,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec


def render_app(app: AppSpec) -> list[dict]:
    """Return all objects of an application, with its overlay."""
    rendered = [
        render_config_map(app),
        render_secret(app),
        *render_claims(app),
        render_service(app),
        render_workload(app),
        render_ingress(app),
        render_app_autoscaler(app),
        render_budget(app),
    ]
    objects = [merged(obj, app.overlay.get(obj["kind"], {})) for obj in rendered if obj]
    return [secured(obj, app.pod_security) if obj["kind"] == app.kind else obj for obj in objects]
