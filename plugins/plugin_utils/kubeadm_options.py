"""Decide which options the API servers of a cluster of kubeadm get, and what forbids them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_look import parse_look

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FILE = "kubeadm makes this file and renews it"
_ETCD = "kubeadm sets it to etcd of the same control plane"
OWNED = {
    "advertise-address": "kubernetes_address sets it",
    "allow-privileged": "the pod network and kube-proxy need it",
    "bind-address": "the proxies of all nodes and the checks of the control plane itself use the API server",
    "client-ca-file": _FILE,
    "enable-bootstrap-token-auth": "hosts join the cluster with a token",
    "etcd-cafile": _ETCD,
    "etcd-certfile": _ETCD,
    "etcd-keyfile": _ETCD,
    "etcd-servers": _ETCD,
    "kubelet-client-certificate": _FILE,
    "kubelet-client-key": _FILE,
    "proxy-client-cert-file": _FILE,
    "proxy-client-key-file": _FILE,
    "requestheader-client-ca-file": _FILE,
    "secure-port": "the proxies of all nodes use port 6443",
    "service-account-key-file": _FILE,
    "service-account-signing-key-file": _FILE,
    "service-cluster-ip-range": "kubernetes_service_network sets it",
    "tls-cert-file": _FILE,
    "tls-private-key-file": _FILE,
}
# Options whose value is a list that must contain these.
NEEDED = {
    "authorization-mode": ("Node", "RBAC"),
    "enable-admission-plugins": ("NodeRestriction",),
}

# Directories of the host that an API server sees only as a volume, by the name of the volume.
VOLUMES = {"slipway-audit": "/var/log/kubernetes/audit"}


def declared_options(options: Mapping[str, Any]) -> dict[str, str]:
    """Return declared options with the words that the API server takes: ``false`` for a false, ``5`` for a number."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in options.items()
    }


def option_problems(options: Mapping[str, Any]) -> list[str]:
    """Return why declared options cannot be those of the API servers."""
    return [
        f"kubernetes_api_server_options: {problem}"
        for name, value in options.items()
        if (problem := _problem(name, value))
    ]


def _problem(name: str, value: Any) -> str:
    if not NAME.fullmatch(str(name)):
        return f"{name!r} is not the name of an option. Write it without dashes in front, such as audit-log-path."
    if not isinstance(value, str | int | float):
        return f"{name} has the value {value!r}. Write a text, a number, true or false, as on the command line."
    if name in OWNED:
        return f"{name} cannot be declared: {OWNED[name]}. Take it out."
    if name == "anonymous-auth" and str(value).lower() == "false":
        return (
            "anonymous-auth: false would take all API servers out of the proxies, which ask /readyz without a user. To "
            "allow anonymous requests only for health checks, declare authentication-config instead."
        )
    missing = [one for one in NEEDED.get(name, ()) if one not in str(value).split(",")]
    if missing:
        return f"{name}: {value} lacks {' and '.join(missing)}, which the nodes of the cluster need. Add it."
    return ""


def option_plan(
    configuration: str,
    manifests: Mapping[str, Iterable[str]],
    declared: Mapping[str, Any],
    former: Mapping[str, str],
) -> dict[str, Any]:
    """Return how the API servers get the declared options. Options that others set with kubeadm stay.

    Args:
        configuration: The ClusterConfiguration that the cluster has, as YAML.
        manifests: The output of ``api-server look`` by control plane.
        declared: The declared options.
        former: Options that this role declared before.

    Returns:
        ``server`` (the options and volumes of the ClusterConfiguration, as declared), ``pending`` (control planes whose
        API server has others, or whose change was interrupted) and ``due`` (whether anything differs).
    """
    present = {
        "extraArgs": [],
        "extraVolumes": [],
        **yaml.safe_load(configuration).get("apiServer", {}),
    }
    wanted = server_configuration(declared)
    options = {one["name"]: one["value"] for one in wanted["extraArgs"]}
    ours = {"extraArgs": {*options, *former}, "extraVolumes": set(VOLUMES)}
    server = {
        kind: [one for one in present[kind] if one["name"] not in names] + wanted[kind]
        for kind, names in ours.items()
    }
    volumes = {one["name"] for one in wanted["extraVolumes"]}
    removed = set(former) - set(options)
    pending = [
        host for host, lines in manifests.items() if _differs(lines, options, removed, volumes)
    ]
    return {
        "server": server,
        "pending": pending,
        "due": bool(pending)
        or any(_sorted(server[one]) != _sorted(present[one]) for one in server),
    }


def server_configuration(declared: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Return declared options as kubeadm takes them, with the volumes of the directories that they name."""
    options = declared_options(declared)
    return {
        "extraArgs": [{"name": name, "value": value} for name, value in sorted(options.items())],
        "extraVolumes": [
            {"name": name, "hostPath": path, "mountPath": path, "pathType": "DirectoryOrCreate"}
            for name, path in VOLUMES.items()
            if any(value.startswith(f"{path}/") for value in options.values())
        ],
    }


def _differs(
    lines: Iterable[str], wanted: Mapping[str, str], removed: set[str], volumes: set[str]
) -> bool:
    interrupted, manifest = parse_look(lines, "manifest")
    container = manifest["spec"]["containers"][0]
    present: dict[str, list[str]] = {}
    for argument in container["command"][1:]:
        name, _, value = argument.removeprefix("--").partition("=")
        present.setdefault(name, []).append(value)
    mounted = {one["name"] for one in container.get("volumeMounts", [])}
    return (
        interrupted
        or any(present.get(name) != [value] for name, value in wanted.items())
        or any(name in present for name in removed)
        or mounted & set(VOLUMES) != volumes
    )


def _sorted(entries: Sequence[Mapping[str, Any]]) -> list[list[tuple[str, Any]]]:
    return sorted(sorted(one.items()) for one in entries)
