"""Run the hooks of a release, as helm does: in the order of their weights, each until it has ended."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.takeover import has_applied
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError, UnseenError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import apply_wave
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of, reference
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.declared import (
    BEFORE_CREATION,
    HOOK,
    Hook,
)

SUCCEEDED, FAILED = "hook-succeeded", "hook-failed"


def run_hooks(context: ApplyContext, hooks: list[Hook], event: str) -> None:
    """Run the hooks of an event. In check mode, the result only names them.

    Raises:
        KubeError: A hook failed, did not end in time, or would replace an object that is not its own.
    """
    chosen = sorted((hook for hook in hooks if event in hook.events), key=_position)
    shown = context.result.fields.setdefault("hooks", [])
    for hook in chosen:
        ref = ref_of(hook.obj)
        entry = {"event": event, **reference(ref)}
        if not context.cluster.check:
            context.cluster.progress(f"{event}: {ref}")
            _run(context, hook, event)
        shown.append(entry)
    for hook in chosen:
        if SUCCEEDED in hook.policies and not context.cluster.check:
            _delete(context, hook)


def _position(hook: Hook) -> tuple:
    ref = ref_of(hook.obj)
    return hook.weight, apply_wave(ref.kind), ref.kind, ref.name


def _run(context: ApplyContext, hook: Hook, event: str) -> None:
    ref = ref_of(hook.obj)
    if BEFORE_CREATION in hook.policies:
        _delete(context, hook)
    try:
        [change] = context.applier.apply([hook.obj], {})
        if ref.kind == "Job":
            context.cluster.waiter().wait([Target(ref, change.after, created=True)])
        elif ref.kind == "Pod":
            _wait_for_pod(context, hook)
    except KubeError as error:
        # one whose failure was not seen may be running
        if FAILED in hook.policies and not isinstance(error, UnseenError):
            _delete(context, hook)
        error.message = f"hook {event}: {error.message}"
        raise


def _wait_for_pod(context: ApplyContext, hook: Hook) -> None:
    """Wait until a pod has succeeded."""
    ref = ref_of(hook.obj)

    def has_ended(pod: dict | None) -> bool:
        phase = ((pod or {}).get("status") or {}).get("phase")
        if pod is None or phase == "Failed":
            raise KubeError(f"{ref} {'failed' if pod else 'was deleted'}")
        return phase == "Succeeded"

    cluster = context.cluster
    collection = cluster.discovery.require(ref.api_version, ref.kind).collection(ref.namespace)
    wait_until(
        cluster.client, collection, ref.name, has_ended, cluster.deadline, f"{ref} has not ended"
    )


def _delete(context: ApplyContext, hook: Hook) -> None:
    """Delete the object of a hook, if a hook made it.

    Raises:
        KubeError: Another client made it.
    """
    ref, cluster = ref_of(hook.obj), context.cluster
    if not cluster.discovery.find(ref.api_version, ref.kind):
        return
    live = cluster.client.get_or_none(cluster.discovery.path(ref))
    if not live:
        return
    is_ours = has_applied(live, context.params["field_manager"])
    # helm's own hooks carry the mark; it deletes them by name
    if not is_ours and HOOK not in (live["metadata"].get("annotations") or {}):
        raise KubeError(
            f"{ref} exists and was not created by a hook of the release {context.declaration.release.name}; "
            "delete or rename it"
        )
    live = {"apiVersion": ref.api_version, "kind": ref.kind, **live}
    context.applier.delete([ref], wait=True, live={ref: live})
