"""Plan the next actions: a pure function of the declared and the observed state of a profile.

The converger runs a plan, reads the profile again and plans again until no action is left. A plan therefore need not
predict the facts that only the next reading shows, such as a worker that never joined, or a mark that Minikube lost.
"""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import (
    Action,
    Change,
    Refusal,
    list_changes,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_plan import (
    is_kubelet_down,
    plan_metadata,
    plan_nodes,
    plan_starts,
    plan_upgrade,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.settings import (
    SettingsComparison,
    compare_settings,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Desired


def plan(desired: Desired, seen: Observed, cni_digest: str = "") -> list[Action]:
    """Return the next actions; an empty list means that the profile is as declared.

    Args:
        desired: Declared state, its Kubernetes version resolved to a full one.
        seen: Observed state.
        cni_digest: sha256 of the declared CNI manifest, empty when the CNI is not a file.

    Raises:
        Refusal: The declared state cannot be reached without a loss, or not at all.
    """
    if desired.state == "absent":
        return _plan_absent(desired, seen)
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


def _plan_absent(desired: Desired, seen: Observed) -> list[Action]:
    # Without a configuration nothing proves that the nodes belong to this user.
    if seen.state == "absent" and not seen.forwards:
        return []
    if seen.state == "orphaned" and not desired.recreate:
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
    settings = compare_settings(desired, seen, cni_digest)
    if settings.immutable:
        if desired.recreate:
            return [
                Action(
                    "delete",
                    f"Delete the profile {seen.profile} ({list_changes(settings.immutable)})",
                ),
                anew[1],
            ]
        raise _refuse_changes(seen, settings)
    if seen.config_problem:
        return [Action("restore-config", f"Restore config.json ({seen.config_problem})")]
    if seen.state == "paused":
        return [Action("unpause", "Unpause the cluster")]
    start = _start(seen, settings.mutable)
    if start:
        return [start]
    stopped = plan_starts(seen)
    if settings.base_image and stopped:
        # A stopped node could not take over the images.
        return stopped
    changes = _plan_base_image(settings) + plan_upgrade(desired, seen, settings.upgrade)
    return changes or (
        plan_nodes(desired, seen)
        + _plan_addons(desired, seen)
        + plan_metadata(desired, seen)
        + _plan_ports(settings)
        + _plan_kubeconfig(seen)
    )


def _refuse_changes(seen: Observed, settings: SettingsComparison) -> Refusal:
    """Return the refusal of changes that need another cluster."""
    step = (
        f". A running cluster is upgraded by one minor version at a time: declare {settings.next_minor} first"
        if settings.next_minor
        else ""
    )
    return Refusal(
        f"these declared changes need the profile {seen.profile} to be recreated: "
        f"{list_changes(settings.immutable)}{step}. Set recreate: true to delete the cluster with its workloads and "
        "data and create it again, or declare what it has",
        settings.immutable,
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
        "They may belong to another user's Minikube: declare another profile. If they are yours, set recreate: true to "
        "remove them, also with state: absent"
    )


def _start(seen: Observed, changes: list[Change]) -> Action | None:
    """Return the ``minikube start`` that repairs the control plane or applies changed settings."""
    reasons = [str(c) for c in changes]
    if seen.state == "stopped":
        gone = seen.primary.container == "missing"
        reasons.append("the container of the control plane is gone" if gone else "it is stopped")
    elif seen.state == "degraded":
        reasons.append(seen.api_error or "its API server or kubelet does not run")
    reasons += [f"the kubelet of {n.name} does not run" for n in seen.nodes if is_kubelet_down(n)]
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


def _plan_base_image(settings: SettingsComparison) -> list[Action]:
    """Return the action after which existing nodes have the images of the declared node image."""
    change = settings.base_image
    if not change:
        return []
    return [Action("adopt-image", f"Load the images of {change.after} into the nodes")]


def _plan_ports(settings: SettingsComparison) -> list[Action]:
    """Return the action after which the declared ports are published, by containers beside the control plane."""
    change = settings.ports
    return [Action("publish-ports", f"Change the published {change}")] if change else []


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
