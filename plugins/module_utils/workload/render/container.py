"""Render a container."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import as_text
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    without_none,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import ContainerSpec

HOOKS = {"post_start": "postStart", "pre_stop": "preStop"}


def render_container(container: ContainerSpec) -> dict:
    """Return the container in the form of the API."""
    resources = {
        part: {name: str(amount) for name, amount in amounts.items()}
        for part, amounts in container.resources.items()
        if amounts
    }
    hooks = {HOOKS[name]: _action(hook) for name, hook in container.hooks.items()}
    return without_none(
        {
            "name": container.name,
            "image": container.image,
            "imagePullPolicy": container.image_pull_policy,
            "command": container.command,
            "args": container.args,
            "restartPolicy": "Always" if container.sidecar else None,
            "ports": _ports(container) or None,
            "env": [_env_entry(name, value) for name, value in container.env.items()] or None,
            "envFrom": [_env_source(source) for source in container.env_from] or None,
            "volumeMounts": [_mount(mount) for mount in container.mounts] or None,
            "resources": resources or None,
            "securityContext": container.security_context,
            "lifecycle": hooks or None,
            **{f"{name}Probe": _probe(probe) for name, probe in container.probes.items()},
        }
    )


def _ports(container: ContainerSpec) -> list[dict]:
    # two ports of the Service may lead to one port of the container, which is declared once
    ports = {(port.target, port.protocol): port.name for port in reversed(container.ports)}
    return [
        {"containerPort": target, "protocol": protocol, "name": name}
        for (target, protocol), name in reversed(ports.items())
    ]


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


def _env_source(source: dict) -> dict:
    kind = "configMapRef" if source.get("config_map") else "secretRef"
    name = source.get("config_map") or source.get("secret")
    reference = without_none({"name": name, "optional": source.get("optional")})
    return without_none({"prefix": source.get("prefix"), kind: reference})


def _mount(mount: dict) -> dict:
    return without_none(
        {
            "name": mount["volume"],
            "mountPath": mount["path"],
            "subPath": mount.get("sub_path"),
            "readOnly": mount.get("read_only") or None,
        }
    )


def _action(given: dict) -> dict:
    """Return what a probe or a hook does."""
    if given.get("http") is not None:
        request = {"path": given["http"], "port": given["port"], "scheme": given.get("scheme")}
        return {"httpGet": without_none(request)}
    if given.get("exec") is not None:
        return {"exec": {"command": given["exec"]}}
    if given.get("sleep") is not None:
        return {"sleep": {"seconds": given["sleep"]}}
    if given.get("grpc") is not None:
        return {"grpc": {"port": given["grpc"]}}
    return {"tcpSocket": {"port": given["tcp"]}}


def _probe(probe: dict) -> dict:
    timing = {
        "initialDelaySeconds": probe.get("delay"),
        "periodSeconds": probe.get("period"),
        "timeoutSeconds": probe.get("timeout"),
        "failureThreshold": probe.get("failures"),
        "successThreshold": probe.get("successes"),
    }
    return {**_action(probe), **without_none(timing)}
