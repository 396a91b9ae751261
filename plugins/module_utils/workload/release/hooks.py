"""Run the hooks of a release, as helm does: in the order of their weights, each until it has ended."""

from __future__ import annotations

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
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.data import keep_data

SUCCEEDED, FAILED = "hook-succeeded", "hook-failed"
# Other clients may own what is in them. helm does not delete a definition either.
STAYING = ("CustomResourceDefinition", "Namespace")


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
            _delete(context, _existing(context, hook))


def _position(hook: Hook) -> tuple:
    ref = ref_of(hook.obj)
    return hook.weight, apply_wave(ref.kind), ref.kind, ref.name


def _run(context: ApplyContext, hook: Hook, event: str) -> None:
    ref = ref_of(hook.obj)
    live = _existing(context, hook)
    if BEFORE_CREATION in hook.policies:
        _delete(context, live)
    try:
        [change] = context.applier.apply([hook.obj], {})
        if ref.own_kind == "Job":
            context.cluster.waiter().wait([Target(ref, change.after, created=True)])
        elif ref.own_kind == "Pod":
            _wait_for_pod(context, hook)
    except KubeError as error:
        # one whose failure was not seen may be running
        if FAILED in hook.policies and not isinstance(error, UnseenError):
            _delete(context, _existing(context, hook))
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


def _existing(context: ApplyContext, hook: Hook) -> dict | None:
    """Return the object of a hook if it exists.

    Raises:
        KubeError: No hook made it.
    """
    ref, cluster = ref_of(hook.obj), context.cluster
    if not cluster.discovery.find(ref.api_version, ref.kind):
        return None
    live = cluster.client.get_or_none(cluster.discovery.path(ref))
    # helm's own hooks carry the mark too
    if live and HOOK not in (live["metadata"].get("annotations") or {}):
        raise KubeError(
            f"{ref} exists and was not created by a hook of the release {context.declaration.release.name}; "
            "delete or rename it"
        )
    return {"apiVersion": ref.api_version, "kind": ref.kind, **live} if live else None


def _delete(context: ApplyContext, live: dict | None) -> None:
    """Delete the object of a hook, unless it holds data. The result lists what stays for its data.

    Raises:
        KubeError: Data would go with it, or the API server refused.
    """
    if not live or live["kind"] in STAYING:
        return
    found = {ref_of(live): live}
    if not keep_data(context, found):
        context.applier.delete(list(found), wait=True, live=found)
