"""Decide how a cluster of kubeadm gets another version of Kubernetes, and what forbids it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_departures import parse_nodes
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_plan import MEMBERS

PROGRAMS = ("kubeadm", "kubectl", "kubelet")
FORMAT = re.compile(r"v(\d+)\.(\d+)\.(\d+)$")


def version_problems(
    hosts: Mapping[str, Mapping[str, Any]],
    control_planes: Sequence[str],
    settings: Mapping[str, Any],
) -> list[str]:
    """Return what forbids a version of Kubernetes on the hosts of a run.

    Args:
        hosts: What was found on each host.
        control_planes: The declared control planes.
        settings: ``version`` (the declared one), and ``programs``, the names of the programs that are served for it.
    """
    version = settings["version"]
    if not FORMAT.match(version):
        return [f"kubernetes_version: {version} is not a version of Kubernetes, such as v1.35.1."]
    found = []
    if missing := [name for name in PROGRAMS if name not in settings["programs"]]:
        found.append(
            f"kubernetes_programs has no {', '.join(missing)} for kubernetes_version: {version}. In a lab, choose a "
            "version that the mirror serves: slipway_versions.kubernetes or slipway_extra_versions.kubernetes_next "
            "in upstream/versions.yml."
        )
    others = {
        name: host["version"]
        for name, host in hosts.items()
        if host["member"] in MEMBERS
        and FORMAT.match(host["version"])
        and host["version"] != version
    }
    found += _skew(others, version)
    silent = [name for name in control_planes if name not in hosts]
    if others and silent:
        found.append(
            f"{', '.join(silent)} cannot be reached, and an upgrade to {version} needs all control planes. Start the "
            "hosts, or replace them first, and include all control planes in --limit."
        )
    return found


def _skew(others: Mapping[str, str], version: str) -> Iterable[str]:
    newer = [name for name, one in others.items() if _parts(one) > _parts(version)]
    if newer:
        yield (
            f"kubernetes_version is {version}, and nodes are newer: {_listed(newer, others)}. Kubernetes does not "
            "return to an earlier version, because etcd has objects in the form of the newer one. Restore the version."
        )
    major, minor, _ = _parts(version)
    far = [name for name, one in others.items() if _parts(one) < (major, minor - 1, 0)]
    if far:
        yield (
            f"kubernetes_version is {version}, and nodes are more than one minor version behind: "
            f"{_listed(far, others)}. Upgrade by one minor version at a time, first to v{major}."
            f"{_parts(others[far[0]])[1] + 1}."
        )


def upgrade_plan(
    hosts: Mapping[str, Mapping[str, Any]],
    node_lines: Iterable[str],
    groups: Mapping[str, Sequence[str]],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Return which hosts get another version, and in which order.

    A host is upgraded when it has the new kubelet, which is the last step, and no mark of a run that did not end.

    Args:
        hosts: What was found on each host of the run.
        node_lines: The nodes of the cluster (``parse_nodes``).
        groups: The groups of the inventory.
        settings: ``version`` and ``batch`` (how many workers at a time).

    Returns:
        ``control_planes`` (one after the other), ``batches`` (of workers), ``hosts`` (all of them), ``drained``
        (hosts whose pods other nodes can take) and ``cordoned`` (nodes that others made unschedulable).
    """
    nodes = parse_nodes(node_lines)
    pending = [
        name
        for name, host in hosts.items()
        if host["member"] in MEMBERS
        and (
            host["version"] not in ("", settings["version"]) or nodes.get(name, {}).get("upgrading")
        )
    ]
    declared = list(groups.get("kube_control_plane", []))
    control_planes = [name for name in declared if name in pending]
    workers = [name for name in pending if name not in declared]
    size = max(1, int(settings["batch"]))
    carriers = list(groups.get("kube_node", []))
    return {
        "control_planes": control_planes,
        "batches": [workers[start : start + size] for start in range(0, len(workers), size)],
        "hosts": control_planes + workers,
        "drained": [name for name in pending if name in carriers and len(carriers) > 1],
        "cordoned": [
            name for name, node in nodes.items() if node["cordoned"] and not node["upgrading"]
        ],
    }


def upgrade_problems(
    looks: Mapping[str, Iterable[str]], plan: Mapping[str, Any], settings: Mapping[str, Any]
) -> list[str]:
    """Return what forbids an upgrade, before anything is changed.

    Args:
        looks: The lines of the script ``upgrade-look`` by host.
        plan: The plan of the upgrade.
        settings: ``version``, and ``ignored``, APIs whose removal the user accepts (RESOURCE.VERSION.GROUP).
    """
    found = []
    for host, lines in looks.items():
        for line in lines:
            kind, _, value = line.partition("=")
            problem = CHECKS[kind](host, value, plan, settings) if kind in CHECKS else ""
            if problem and problem not in found:
                found.append(problem)
    return found


def _certificate(host: str, value: str, _plan: Any, _settings: Any) -> str:
    return (
        f"{host}: the certificate {value} ends within a day, and its end would stop the upgrade. The kubelet "
        "renews its own when it runs. A run renews the others, unless kubernetes_certificates_renew_days is 0."
    )


def _space(host: str, value: str, _plan: Any, _settings: Any) -> str:
    path, free, needed = value.split()
    return (
        f"{host}: {path} has {free} MiB free, and the upgrade needs {needed} MiB. Free space there."
    )


def _removed(_host: str, value: str, _plan: Any, settings: Mapping[str, Any]) -> str:
    labels = dict(re.findall(r'(\w+)="([^"]*)"', value))
    release = re.match(r"(\d+)\.(\d+)$", labels.get("removed_release", ""))
    if not release or tuple(map(int, release.groups())) > _parts(settings["version"])[:2]:
        return ""
    name = ".".join(filter(None, (labels["resource"], labels["version"], labels["group"])))
    if name in settings["ignored"]:
        return ""
    return (
        f"Clients requested the API {name}, which Kubernetes {release[0]} removes: they fail after an upgrade to "
        f"{settings['version']}. The audit log of the API servers names them. Change these clients, and upgrade with "
        f'kubernetes_upgrade_ignored_apis: ["{name}"]: an API server remembers such requests until it starts again.'
    )


def _budget(_host: str, value: str, plan: Mapping[str, Any], _settings: Any) -> str:
    name, *numbers = value.split(" ")
    allowed, healthy, expected = (int(number or 0) for number in numbers)
    if not plan["drained"] or allowed or not expected or healthy < expected:
        return ""
    return (
        f"The PodDisruptionBudget {name} permits no eviction although all of its {expected} pods are healthy, so their "
        "nodes cannot be drained. Let it permit one (maxUnavailable: 1), or add a replica."
    )


CHECKS = {"certificate": _certificate, "space": _space, "deprecated": _removed, "budget": _budget}


def _parts(version: str) -> tuple[int, int, int]:
    major, minor, patch = map(int, FORMAT.match(version).groups())
    return major, minor, patch


def _listed(names: Sequence[str], versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({versions[name]})" for name in names)
