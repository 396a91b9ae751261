"""The pod template of an application in short form."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

NAME_LABEL = "app.kubernetes.io/name"
MANAGED_LABEL = "app.kubernetes.io/managed-by"
CONFIG_HASH = "slipway/config-hash"
# slows down guessing a short secret from the hash in the pod template
HASH_ROUNDS = 20_000


def without_none(mapping: dict) -> dict:
    """The entries that were given."""
    return {name: value for name, value in mapping.items() if value is not None}


def object_labels(app: dict) -> dict:
    """Labels of every object of an application."""
    own = {NAME_LABEL: app["name"], MANAGED_LABEL: "slipway"}
    return {**{k: str(v) for k, v in (app.get("labels") or {}).items()}, **own}


def pod_template(app: dict, ports: list[dict], problems: ValidationErrors, where: str) -> dict:
    """The template; ``ports`` as ``workload_service.parse_ports`` gives them."""
    annotations = {k: str(v) for k, v in (app.get("annotations") or {}).items()}
    digest = config_hash(app)
    if digest:
        annotations[CONFIG_HASH] = digest
    spec = without_none(
        {
            "containers": [_container(app, ports, problems, where)],
            "volumes": _volumes(app) or None,
            "restartPolicy": _restart_policy(app),
            "serviceAccountName": app.get("service_account"),
            "imagePullSecrets": [{"name": name} for name in app.get("image_pull_secrets") or []]
            or None,
            "terminationGracePeriodSeconds": app.get("termination_grace"),
            "nodeSelector": app.get("node_selector"),
            "tolerations": app.get("tolerations"),
            "affinity": app.get("affinity"),
            "topologySpreadConstraints": _spread(app),
        }
    )
    metadata = {
        "labels": object_labels(app),
        **({"annotations": annotations} if annotations else {}),
    }
    return {"metadata": metadata, "spec": spec}


def config_hash(app: dict) -> str:
    """Changes when config or secrets do, so that pods are rolled; empty without them."""
    if not app.get("config") and not app.get("secrets"):
        return ""
    content = json.dumps([app.get("config"), app.get("secrets")], sort_keys=True).encode()
    salt = f"{app.get('namespace')}/{app['name']}".encode()
    return hashlib.pbkdf2_hmac("sha256", content, salt, HASH_ROUNDS).hex()[:16]


def _restart_policy(app: dict) -> str | None:
    if app["kind"] in ("Job", "CronJob"):
        return app.get("restart_policy") or "Never"
    return None


def _container(app: dict, ports: list[dict], problems: ValidationErrors, where: str) -> dict:
    probes = app.get("probes") or {}
    resources = app.get("resources") or {}
    for part, amounts in resources.items():
        for name, amount in (amounts or {}).items():
            check.quantity(problems, f"{where}.resources.{part}.{name}", amount)
    return without_none(
        {
            "name": app["name"],
            "image": app["image"],
            "imagePullPolicy": app.get("image_pull_policy"),
            "command": app.get("command"),
            "args": app.get("args"),
            "ports": [
                {
                    "containerPort": entry["target"],
                    "protocol": entry["protocol"],
                    "name": entry["name"],
                }
                for entry in ports
            ]
            or None,
            "env": _env(app.get("env") or {}, problems, f"{where}.env") or None,
            "envFrom": _env_from(app) or None,
            "volumeMounts": _mounts(app) or None,
            "resources": {
                part: {name: str(amount) for name, amount in amounts.items()}
                for part, amounts in resources.items()
                if amounts
            }
            or None,
            "securityContext": app.get("security_context"),
            **{
                f"{name}Probe": _probe(probe, ports, problems, f"{where}.probes.{name}")
                for name, probe in probes.items()
                if probe
            },
        }
    )


def _env(values: dict, problems: ValidationErrors, where: str) -> list[dict]:
    result = []
    for name, value in values.items():
        if not isinstance(name, str) or not check.ENV_NAME.fullmatch(name):
            problems.add(where, f"{name!r} is no name of an environment variable")
        if not isinstance(value, dict):
            if isinstance(value, list) or value is None:
                problems.add(f"{where}.{name}", f"{value!r} is no text; quote it or leave it out")
            text = str(value).lower() if isinstance(value, bool) else str(value)
            result.append({"name": str(name), "value": text})
            continue
        source = _env_source(value)
        if source is None:
            problems.add(
                f"{where}.{name}",
                "give a text, {secret: NAME, key: KEY}, {config: NAME, key: KEY} or {field: PATH}",
            )
        result.append({"name": str(name), "valueFrom": source})
    return result


def _env_source(value: dict) -> dict | None:
    given = set(value)
    if given == {"secret", "key"}:
        return {"secretKeyRef": {"name": value["secret"], "key": value["key"]}}
    if given == {"config", "key"}:
        return {"configMapKeyRef": {"name": value["config"], "key": value["key"]}}
    if given == {"field"}:
        return {"fieldRef": {"apiVersion": "v1", "fieldPath": value["field"]}}
    return None


def _env_from(app: dict) -> list[dict]:
    sources = []
    if app.get("config") and not app.get("config_mount"):
        sources.append({"configMapRef": {"name": app["name"]}})
    if app.get("secrets") and not app.get("secrets_mount"):
        sources.append({"secretRef": {"name": app["name"]}})
    return sources


def claim_name(app: dict, volume: dict) -> str:
    """Name of the PersistentVolumeClaim that is made for a volume with a size."""
    return f"{app['name']}-{volume['name']}"


def _volumes(app: dict) -> list[dict]:
    result = []
    if app.get("config_mount") and app.get("config"):
        result.append({"name": "config", "configMap": {"name": app["name"]}})
    if app.get("secrets_mount") and app.get("secrets"):
        result.append({"name": "secrets", "secret": {"secretName": app["name"]}})
    for volume in app.get("volumes") or []:
        if volume.get("size"):
            if app["kind"] == "StatefulSet":
                continue
            source = {"persistentVolumeClaim": {"claimName": claim_name(app, volume)}}
        elif volume.get("claim"):
            source = {"persistentVolumeClaim": {"claimName": volume["claim"]}}
        elif volume.get("config_map"):
            source = {"configMap": {"name": volume["config_map"]}}
        elif volume.get("secret"):
            source = {"secret": {"secretName": volume["secret"]}}
        elif volume.get("host_path"):
            source = {"hostPath": {"path": volume["host_path"]}}
        else:
            source = {"emptyDir": {}}
        result.append({"name": volume["name"], **source})
    return result


def _mounts(app: dict) -> list[dict]:
    result = []
    if app.get("config_mount") and app.get("config"):
        result.append({"name": "config", "mountPath": app["config_mount"]})
    if app.get("secrets_mount") and app.get("secrets"):
        result.append({"name": "secrets", "mountPath": app["secrets_mount"], "readOnly": True})
    for volume in app.get("volumes") or []:
        result.append(
            without_none(
                {
                    "name": volume["name"],
                    "mountPath": volume["mount"],
                    "subPath": volume.get("sub_path"),
                    "readOnly": volume.get("read_only") or None,
                }
            )
        )
    return result


def _probe(probe: dict, ports: list[dict], problems: ValidationErrors, where: str) -> dict:
    def target(value: Any) -> int | str:
        if value in (None, True):
            if not ports:
                problems.add(where, "needs a port: the application declares none")
                return 0
            return ports[0]["target"]
        if isinstance(value, str) and not value.isdigit():
            if value not in [entry["name"] for entry in ports]:
                problems.add(where, f"{value!r} is no port of this application")
            return value
        return check.port(problems, where, value)

    if probe.get("http") is not None:
        action = {
            "httpGet": without_none(
                {
                    "path": probe["http"],
                    "port": target(probe.get("port")),
                    "scheme": probe.get("scheme"),
                }
            )
        }
    elif probe.get("exec") is not None:
        action = {"exec": {"command": probe["exec"]}}
    elif probe.get("grpc") is not None:
        action = {"grpc": {"port": check.port(problems, where, probe["grpc"])}}
    else:
        action = {"tcpSocket": {"port": target(probe.get("tcp"))}}
    return {
        **action,
        **without_none(
            {
                "initialDelaySeconds": probe.get("delay"),
                "periodSeconds": probe.get("period"),
                "timeoutSeconds": probe.get("timeout"),
                "failureThreshold": probe.get("failures"),
                "successThreshold": probe.get("successes"),
            }
        ),
    }


def _spread(app: dict) -> list[dict] | None:
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {NAME_LABEL: app["name"]}},
        }
        for key in app.get("spread") or []
    ] or None
