"""Render the pod template of an application."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import BATCH_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import as_text
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    NAME_LABEL,
    object_labels,
    without_none,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.storage import (
    pod_volumes,
    volume_mounts,
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
            "containers": [_container(app)],
            "volumes": pod_volumes(app) or None,
            "restartPolicy": _restart_policy(app),
            "serviceAccountName": app.service_account,
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


def _container(app: AppSpec) -> dict:
    # two ports of the Service may lead to one port of the container, which is declared once
    ports = {(port.target, port.protocol): port.name for port in reversed(app.ports)}
    ports = [
        {"containerPort": target, "protocol": protocol, "name": name}
        for (target, protocol), name in reversed(ports.items())
    ]
    resources = {
        part: {name: str(amount) for name, amount in amounts.items()}
        for part, amounts in app.resources.items()
        if amounts
    }
    return without_none(
        {
            "name": app.name,
            "image": app.image,
            "imagePullPolicy": app.image_pull_policy,
            "command": app.command,
            "args": app.args,
            "ports": ports or None,
            "env": [_env_entry(name, value) for name, value in app.env.items()] or None,
            "envFrom": _env_from(app) or None,
            "volumeMounts": volume_mounts(app) or None,
            "resources": resources or None,
            "securityContext": app.security_context,
            **{f"{name}Probe": _probe(probe) for name, probe in app.probes.items()},
        }
    )


def _env_entry(name: str, value: Any) -> dict:
    if not isinstance(value, dict):
        return {"name": name, "value": as_text(value)}
    if "secret" in value:
        source = {"secretKeyRef": {"name": value["secret"], "key": value["key"]}}
    elif "config" in value:
        source = {"configMapKeyRef": {"name": value["config"], "key": value["key"]}}
    else:
        source = {"fieldRef": {"apiVersion": "v1", "fieldPath": value["field"]}}
    return {"name": name, "valueFrom": source}


def _probe(probe: dict) -> dict:
    if probe.get("http") is not None:
        action = {
            "httpGet": without_none(
                {"path": probe["http"], "port": probe["port"], "scheme": probe.get("scheme")}
            )
        }
    elif probe.get("exec") is not None:
        action = {"exec": {"command": probe["exec"]}}
    elif probe.get("grpc") is not None:
        action = {"grpc": {"port": probe["grpc"]}}
    else:
        action = {"tcpSocket": {"port": probe["tcp"]}}
    timing = {
        "initialDelaySeconds": probe.get("delay"),
        "periodSeconds": probe.get("period"),
        "timeoutSeconds": probe.get("timeout"),
        "failureThreshold": probe.get("failures"),
        "successThreshold": probe.get("successes"),
    }
    return {**action, **without_none(timing)}


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


def _env_from(app: AppSpec) -> list[dict]:
    sources = []
    if app.config and not app.config_mount:
        sources.append({"configMapRef": {"name": app.name}})
    if app.secrets and not app.secrets_mount:
        sources.append({"secretRef": {"name": app.name}})
    return sources


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
