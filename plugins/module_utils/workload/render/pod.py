"""Render the pod template of an application."""

from __future__ import annotations

import hashlib
import json

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import BATCH_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.container import (
    render_container,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    NAME_LABEL,
    object_labels,
    without_none,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.storage import (
    pod_volumes,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec

CONFIG_HASH = "slipway/config-hash"
# slows down guessing a short secret from the hash in the pod template
HASH_ROUNDS = 20_000


def pod_template(app: AppSpec) -> dict:
    """Return the pod template."""
    annotations = dict(app.annotations)
    digest = config_hash(app)
    if digest:
        annotations[CONFIG_HASH] = digest
    spec = without_none(
        {
            "containers": [render_container(one) for one in (app.main, *app.containers)],
            "initContainers": [render_container(one) for one in app.init_containers] or None,
            "volumes": pod_volumes(app) or None,
            "restartPolicy": _restart_policy(app),
            "serviceAccountName": app.service_account,
            "securityContext": app.pod_security_context,
            "priorityClassName": app.priority_class,
            "imagePullSecrets": [{"name": name} for name in app.image_pull_secrets] or None,
            "terminationGracePeriodSeconds": app.termination_grace,
            "nodeSelector": app.node_selector,
            "tolerations": app.tolerations,
            "affinity": app.affinity,
            "topologySpreadConstraints": _spread(app),
        }
    )
    described = {
        "labels": object_labels(app.name, app.labels),
        **({"annotations": annotations} if annotations else {}),
    }
    return {"metadata": described, "spec": spec}


def config_hash(app: AppSpec) -> str:
    """Return a hash of config and secrets, whose change rolls the pods; empty without both."""
    if not app.config and not app.secrets:
        return ""
    content = json.dumps([app.config, app.secrets], sort_keys=True).encode()
    salt = f"{app.namespace}/{app.name}".encode()
    return hashlib.pbkdf2_hmac("sha256", content, salt, HASH_ROUNDS).hex()[:16]


def _restart_policy(app: AppSpec) -> str | None:
    if app.kind in BATCH_KINDS:
        return app.restart_policy or "Never"
    return None


def _spread(app: AppSpec) -> list[dict] | None:
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {NAME_LABEL: app.name}},
        }
        for key in app.spread
    ] or None
