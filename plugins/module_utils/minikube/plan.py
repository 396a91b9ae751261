"""Decide what to do: a pure function of the declared and the observed state of a profile.

The converger runs a plan, reads the profile again and asks for the next plan until none is left, so a plan
need not foresee what only the next reading can show (a worker that never joined, a mark that Minikube lost).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import INTERNAL_PORTS
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    CNI_NAMES,
    CONTAINER_DRIVERS,
    UNLIMITED,
    Desired,
    size_mb,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import Node, Observed

# Set by Kubernetes itself, never declared by a user.
SYSTEM_TAINT_PREFIXES = (
    "node.kubernetes.io/",
    "node-role.kubernetes.io/",
    "node.cloudprovider.kubernetes.io/",
)


@dataclass(frozen=True)
class Action:
    """One step. ``subject`` is a node or an addon; ``text`` describes the step and its reason."""

    kind: str
    text: str
    subject: str = ""
    data: Any = field(default=None, compare=False, hash=False)

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes two actions the same."""
        return self.kind, self.subject


@dataclass
class Change:
    """A setting that differs from what is declared."""

    option: str
    before: Any
    after: Any

    def __str__(self) -> str:
        """Return it as ``option: before -> after``."""
        return f"{self.option}: {_shown(self.before)} -> {_shown(self.after)}"


class Refusal(Exception):
    """The declared state cannot be reached without losing something, or not at all."""

    def __init__(self, message: str, changes: list[Change] = ()):
        super().__init__(message)
        self.changes = list(changes)


def plan(desired: Desired, seen: Observed, cni_digest: str = "") -> list[Action]:
    """Return the next actions; an empty list means that the profile is as declared.

    Args:
        desired: declared state, its Kubernetes version resolved to a full one.
        seen: observed state.
        cni_digest: sha256 of the declared CNI manifest, empty when the CNI is not a file.

    Raises:
        Refusal: see the class.
    """
    if desired.state == "absent":
        return _plan_absent(seen)
    if desired.state == "stopped":
        return _plan_stopped(seen)
    if desired.state == "paused":
        if seen.state != "paused":
            return _plan_started(desired, seen, cni_digest) or [
                Action("pause", "Pause the cluster")
            ]
        awake = [n.name for n in seen.nodes if n.kubelet == "Running"]
        return [Action("pause", f"Pause {', '.join(awake)} too")] if awake else []
    return _plan_started(desired, seen, cni_digest)


def _plan_absent(seen: Observed) -> list[Action]:
    if seen.state == "absent":
        return []
    return [Action("delete", f"Delete the profile {seen.profile} with its nodes and data")]


def _plan_stopped(seen: Observed) -> list[Action]:
    if seen.state in ("absent", "orphaned", "lost"):
        raise Refusal(
            f"the profile {seen.profile} is {seen.state}, there is nothing to stop; make it with state: started"
        )
    actions = []
    if seen.state == "paused":
        # A frozen container cannot be stopped, and the runtime would hang on it at the next start.
        actions.append(Action("unpause", "Unpause the cluster, so that it can stop"))
    if any(n.container == "running" for n in seen.nodes):
        actions.append(Action("stop", "Stop the nodes"))
    return actions


def _plan_started(desired: Desired, seen: Observed, cni_digest: str) -> list[Action]:
    if seen.state == "absent":
        return [Action("create", f"Create the profile {seen.profile}")]
    anew = [
        Action("delete", f"Delete what is left of the profile {seen.profile}"),
        Action("create", f"Create the profile {seen.profile}"),
    ]
    if seen.state in ("orphaned", "lost"):
        _check_nothing_to_lose(desired, seen)
        return anew
    locked, open_ = settings(desired, seen, cni_digest)
    if locked:
        if desired.recreate:
            return [
                Action("delete", f"Delete the profile {seen.profile} ({_listed(locked)})"),
                anew[1],
            ]
        raise Refusal(
            f"these declared changes need the profile {seen.profile} to be recreated: "
            + _listed(locked)
            + ". Set recreate: true to delete the cluster with its workloads and data and create it again, "
            "or declare what it has",
            locked,
        )
    if seen.config_problem:
        return [Action("restore-config", f"Restore config.json ({seen.config_problem})")]
    if seen.state == "paused":
        return [Action("unpause", "Unpause the cluster")]
    start = _start(seen, open_)
    if start:
        return [start]
    return (
        _plan_nodes(desired, seen)
        + _plan_addons(desired, seen)
        + _plan_metadata(desired, seen)
        + _plan_kubeconfig(seen)
    )


def _check_nothing_to_lose(desired: Desired, seen: Observed) -> None:
    left = [*seen.leftovers.get("containers", []), *seen.leftovers.get("volumes", [])]
    left += [n.name for n in seen.nodes if n.container != "missing" or n.volume]
    if not left or desired.recreate:
        return
    why = (
        f"nodes without a usable configuration ({seen.config_problem or 'config.json is gone'})"
        if seen.state == "orphaned"
        else f"a configuration, but the control plane {seen.primary.name} and its volume are gone"
    )
    raise Refusal(
        f"the profile {seen.profile} has {why}; left over: {', '.join(sorted(set(left)))}. "
        "Set recreate: true to remove these and recreate the cluster, or state: absent to remove them"
    )


def _start(seen: Observed, changes: list[Change]) -> Action | None:
    """Return the ``minikube start`` that repairs the control plane or applies changed settings."""
    reasons = [str(c) for c in changes]
    if seen.state == "stopped":
        gone = seen.primary.container == "missing"
        reasons.append("the container of the control plane is gone" if gone else "it is stopped")
    elif seen.state == "degraded":
        reasons.append(seen.api_error or "its API server or kubelet does not run")
    reasons += [f"the kubelet of {n.name} does not run" for n in seen.nodes if _kubelet_down(n)]
    reasons += [
        f"{n.name} was started without Minikube and does not find the control plane"
        for n in seen.nodes
        if n.alone
    ]
    if not reasons:
        return None
    # A worker without its container would be created by this start, but never join (see rebuild-node).
    without = [n.short for n in seen.workers if n.container == "missing" or not n.machine]
    return Action("start", f"Start the cluster ({'; '.join(reasons)})", data={"without": without})


def _kubelet_down(node: Node) -> bool:
    return node.container == "running" and node.machine and node.kubelet not in ("", "Running")


def _plan_nodes(desired: Desired, seen: Observed) -> list[Action]:
    workers = seen.workers
    surplus: list[Node] = []
    if desired.nodes is not None:
        wanted = desired.nodes - (len(seen.nodes) - len(workers))
        if wanted < 0:
            raise Refusal(
                f"nodes: {desired.nodes} is less than the control-plane nodes of {seen.profile}; "
                "only worker nodes can be removed"
            )
        # Broken workers go first, then the youngest.
        by_worth = sorted(workers, key=lambda n: (_broken(n) is None, -workers.index(n)))
        surplus = by_worth[: max(0, len(workers) - wanted)]
        missing = max(0, wanted - len(workers))
    else:
        missing = 0
    actions = [
        Action("remove-node", f"Remove the node {n.name}", n.short, bool(_broken(n)))
        for n in surplus
    ]
    for node in workers:
        if node in surplus:
            continue
        broken = _broken(node)
        if broken:
            actions.append(
                Action("rebuild-node", f"Recreate the node {node.name} ({broken})", node.short)
            )
        elif node.container != "running":
            actions.append(
                Action(
                    "start-node", f"Start the node {node.name} (it is {node.container})", node.short
                )
            )
    return actions + [
        Action("add-node", f"Add a node ({number} of {missing})", str(len(workers) + number))
        for number in range(1, missing + 1)
    ]


def _broken(node: Node) -> str | None:
    """Return why a worker cannot be repaired by starting it, or None.

    Minikube joins a node only when its machine is new (pkg/minikube/node/start.go), and what makes it a
    member of the cluster is in the container. So one without container, or that never joined, stays out.
    """
    if node.container == "missing":
        return "its container is gone"
    if not node.machine:
        return "its machine file is unreadable"
    if node.registered is False:
        return "it is not a member of the cluster"
    return None


def _plan_addons(desired: Desired, seen: Observed) -> list[Action]:
    actions = []
    images, registries = (
        seen.config.get("CustomAddonImages") or {},
        seen.config.get("CustomAddonRegistries") or {},
    )
    for name, addon in sorted(desired.wanted_addons().items()):
        on = seen.addons.get(name, False)
        same = (
            addon.images.items() <= images.items()
            and addon.registries.items() <= registries.items()
        )
        if addon.enabled and not (on and same):
            actions.append(Action("enable-addon", f"Enable the addon {name}", name, addon))
        elif on and not addon.enabled:
            actions.append(Action("disable-addon", f"Disable the addon {name}", name))
    return actions


def _plan_metadata(desired: Desired, seen: Observed) -> list[Action]:
    """Return the label and taint patches. Labels that are not declared stay; taints become what is declared."""
    actions = []
    by_name = {n.name: n for n in seen.nodes}
    for name in sorted({*desired.node_labels, *desired.node_taints}):
        node = by_name.get(name)
        if node is None:
            if desired.nodes is None or len(seen.nodes) >= desired.nodes:
                raise Refusal(
                    f"node_labels, node_taints: {name!r} is not a node of {seen.profile}; "
                    f"its nodes are {', '.join(by_name)}"
                )
            continue
        patch = _metadata_patch(desired, node)
        if patch and node.registered:
            actions.append(Action("patch-node", f"Set labels and taints of {name}", name, patch))
    return actions


def _metadata_patch(desired: Desired, node: Node) -> dict:
    labels = {
        k: v for k, v in desired.node_labels.get(node.name, {}).items() if node.labels.get(k) != v
    }
    patch: dict = {"metadata": {"labels": labels}} if labels else {}
    if node.name in desired.node_taints:
        wanted = desired.node_taints[node.name]
        kept = [
            t for t in node.taints if t["key"].startswith(SYSTEM_TAINT_PREFIXES) and t not in wanted
        ]
        own = [t for t in node.taints if t not in kept]
        if _taint_set(own) != _taint_set(wanted):
            patch["spec"] = {"taints": kept + wanted}
    return patch


def _taint_set(taints: list[dict]) -> set[tuple]:
    return {(t["key"], t.get("value", ""), t["effect"]) for t in taints}


def _plan_kubeconfig(seen: Observed) -> list[Action]:
    actions = []
    if seen.kubeconfig not in ("", "Configured"):
        actions.append(Action("update-context", "Repair the context in the kubeconfig"))
    if seen.kubeconfig_mode not in (None, 0o600):
        actions.append(
            Action(
                "kubeconfig-mode",
                f"Set the mode of the kubeconfig from {seen.kubeconfig_mode:04o} to 0600",
            )
        )
    return actions


def settings(
    desired: Desired, seen: Observed, cni_digest: str
) -> tuple[list[Change], list[Change]]:
    """Return the declared settings that differ: those that need a re-creation, and those that a start applies.

    What ``minikube start`` takes over on an existing cluster: cmd/minikube/cmd/start_flags.go,
    updateExistingConfigFromFlags; what the container fixes: pkg/drivers/kic/kic.go, Create.
    """
    config, kubernetes = seen.config, seen.kubernetes
    locked: list[Change] = []
    open_: list[Change] = []

    def compare(option: str, wanted: Any, found: Any, bucket: list[Change] = locked) -> None:
        if wanted is not None and wanted != found:
            bucket.append(Change(option, found, wanted))

    compare("driver", {"qemu": "qemu2"}.get(desired.driver, desired.driver), config.get("Driver"))
    compare("container_runtime", desired.container_runtime, kubernetes.get("ContainerRuntime"))
    compare("base_image", desired.base_image, config.get("KicBaseImage"))
    compare("image_repository", desired.image_repository, kubernetes.get("ImageRepository") or "")
    compare("listen_address", desired.listen_address, config.get("ListenAddress") or "127.0.0.1")
    compare(
        "insecure_registries",
        _sorted(desired.insecure_registries),
        _sorted(config.get("InsecureRegistry") or []),
    )
    compare(
        "registry_mirrors",
        _sorted(desired.registry_mirrors),
        _sorted(config.get("RegistryMirror") or []),
    )
    if config.get("Driver") != "none":
        compare("cpus", _count(desired.cpus), config.get("CPUs"))
        compare("memory", _megabytes(desired.memory), config.get("Memory"))
    if config.get("Driver") not in (*CONTAINER_DRIVERS, "none"):
        compare("disk_size", _megabytes(desired.disk_size), config.get("DiskSize"))
    if seen.primary.container != "missing":
        compare("ports", _port_set(desired), sorted(seen.ports))
    _compare_cni(desired, seen, cni_digest, compare, open_)
    _compare_version(desired, seen, compare, open_)
    found_extra = {
        f"{o['Component']}.{o['Key']}": o["Value"] for o in kubernetes.get("ExtraOptions") or []
    }
    if desired.extra_config and not desired.extra_config.items() <= found_extra.items():
        compare("extra_config", {**found_extra, **desired.extra_config}, found_extra, open_)
    found_ips = kubernetes.get("APIServerIPs") or []
    if not set(desired.apiserver_ips) <= set(found_ips):
        compare(
            "apiserver_ips", sorted({*desired.apiserver_ips, *found_ips}), sorted(found_ips), open_
        )
    return locked, open_


def _compare_cni(
    desired: Desired, seen: Observed, digest: str, compare: Any, open_: list[Change]
) -> None:
    found = seen.kubernetes.get("CNI") or "auto"
    if desired.cni is None or (desired.cni == "auto" and found == "kindnet"):
        return
    if not desired.cni_is_file or found in CNI_NAMES:
        compare("cni", desired.cni, found)
    elif seen.cni_digest and digest and seen.cni_digest != digest:
        compare("cni", f"{desired.cni} ({digest[:12]})", f"{found} ({seen.cni_digest[:12]})", open_)


def _compare_version(desired: Desired, seen: Observed, compare: Any, open_: list[Change]) -> None:
    wanted, found = desired.kubernetes_version, seen.kubernetes.get("KubernetesVersion")
    if wanted is None:
        wanted = found
    if version_key(wanted) < version_key(found):
        compare("kubernetes_version", wanted, found)
        return
    behind = [
        n.version
        for n in seen.nodes
        if n.registered and n.container == "running" and n.version != wanted
    ]
    compare("kubernetes_version", wanted, behind[0] if behind and found == wanted else found, open_)


def version_key(version: str) -> tuple:
    """Return a key that orders versions such as v1.35.1 and v1.35.0-rc.1 as semantic versioning does."""
    core, _dash, pre = version.removeprefix("v").partition("-")
    numbers = tuple(int(n) for n in core.split("."))
    # A release is after its pre-releases; numbers in a pre-release are compared as numbers.
    parts = (
        tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"[.]", pre))
        if pre
        else ()
    )
    return (numbers, not pre, parts)


def _port_set(desired: Desired) -> list[tuple[str, str, str]] | None:
    if desired.ports is None:
        return None
    wanted = {
        ("" if p.ip == "0.0.0.0" else p.ip, str(p.host_port or ""), f"{p.port}/{p.protocol}")
        for p in desired.ports
    }
    return sorted(p for p in wanted if p[1] or p[2] not in INTERNAL_PORTS)


def _count(value: str | None) -> int | None:
    if value in (None, "max"):
        return None
    return 0 if value == UNLIMITED else int(value)


def _megabytes(value: str | None) -> int | None:
    if value in (None, "max"):
        return None
    return 0 if value == UNLIMITED else size_mb(value)


def _sorted(values: list | None) -> list | None:
    return None if values is None else sorted(values)


def _listed(changes: list[Change]) -> str:
    return "; ".join(str(change) for change in changes)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return (
            "["
            + ", ".join(
                ":".join(p for p in v if p) if isinstance(v, tuple) else str(v) for v in value
            )
            + "]"
        )
    if isinstance(value, dict):
        return ", ".join(f"{k}={v}" for k, v in sorted(value.items())) or "none"
    return str(value) if value not in (None, "") else "none"


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
        "ports": [":".join(p for p in port if p) for port in sorted(seen.ports)],
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
            "cpus": _count(desired.cpus),
            "memory_mb": _megabytes(desired.memory),
            "cni": desired.cni,
            "base_image": desired.base_image,
            "ports": [":".join(p for p in port if p) for port in _port_set(desired) or []],
        }
        return {**after, **{k: v for k, v in declared.items() if v is not None}}
    gone = {a.subject for a in actions if a.kind == "remove-node"}
    after["nodes"] = _predicted_names(
        desired, [n for n in seen.nodes if n.short not in gone or n.control_plane]
    )
    addons = {**seen.addons, **{n: a.enabled for n, a in desired.wanted_addons().items()}}
    after["addons"] = sorted(name for name, on in addons.items() if on)
    for change in settings(desired, seen, cni_digest)[1]:
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
