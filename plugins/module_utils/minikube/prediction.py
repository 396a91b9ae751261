"""The state of a profile for a diff: as observed, and as predicted after a plan."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Node, Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import port_texts
from ansible_collections.slipway.lab.plugins.module_utils.minikube.settings import (
    compare_settings,
    parse_count,
    parse_megabytes,
    published_ports,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Desired


def summary(seen: Observed) -> dict:
    """Return the observed state for ``diff`` and for the result."""
    if not seen.config:
        return {"profile": seen.profile, "state": seen.state}
    return {
        "profile": seen.profile,
        "state": seen.state,
        "driver": seen.config.get("Driver"),
        "container_runtime": seen.kubernetes.get("ContainerRuntime"),
        "kubernetes_version": seen.kubernetes.get("KubernetesVersion"),
        "nodes": [n.name for n in seen.nodes],
        "addons": sorted(name for name, on in seen.addons.items() if on),
        "cpus": seen.config.get("CPUs"),
        "memory_mb": seen.config.get("Memory"),
        "cni": seen.kubernetes.get("CNI") or "auto",
        "base_image": seen.config.get("KicBaseImage"),
        "ports": port_texts(seen.ports | seen.forwards),
    }


def prediction(desired: Desired, seen: Observed, actions: list[Action], cni_digest: str) -> dict:
    """Return the state that the actions lead to, for ``diff`` in check mode."""
    if not actions:
        return summary(seen)
    if desired.state == "absent":
        return {"profile": seen.profile, "state": "absent"}
    after = summary(seen)
    after["state"] = desired.state
    if desired.state == "stopped":
        return after
    kinds = {a.kind for a in actions}
    if "create" in kinds:
        after = {
            "profile": desired.profile,
            "state": desired.state,
            "nodes": _predicted_names(desired, []),
        }
        declared = {
            "driver": desired.driver,
            "container_runtime": desired.container_runtime,
            "kubernetes_version": desired.kubernetes_version,
            "addons": sorted(n for n, a in desired.wanted_addons().items() if a.enabled),
            "cpus": parse_count(desired.cpus),
            "memory_mb": parse_megabytes(desired.memory),
            "cni": desired.cni,
            "base_image": desired.base_image,
            "ports": port_texts(published_ports(desired) or ()),
        }
        return {**after, **{k: v for k, v in declared.items() if v is not None}}
    gone = {a.subject for a in actions if a.kind == "remove-node"}
    after["nodes"] = _predicted_names(
        desired, [n for n in seen.nodes if n.short not in gone or n.control_plane]
    )
    addons = {**seen.addons, **{n: a.enabled for n, a in desired.wanted_addons().items()}}
    after["addons"] = sorted(name for name, on in addons.items() if on)
    for change in compare_settings(desired, seen, cni_digest).applied:
        after[change.option] = change.after
    for action in actions:
        if action.kind == "patch-node":
            after.setdefault("node_metadata", {})[action.subject] = action.data
    return after


def _predicted_names(desired: Desired, kept: list[Node]) -> list[str]:
    """Return node names; Minikube numbers a new node one above the last (cmd/minikube/cmd/node_add.go)."""
    names = [n.name for n in kept] or [desired.profile]
    last = int(kept[-1].short[1:]) if kept and re.match(r"^m\d+$", kept[-1].short) else len(names)
    while desired.nodes and len(names) < desired.nodes:
        last += 1
        names.append(f"{desired.profile}-m{last:02d}")
    return names
