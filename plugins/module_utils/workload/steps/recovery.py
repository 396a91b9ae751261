"""Handle a failed apply as the option ``on_failure`` requires."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.rollback import (
    delete_created,
    roll_back,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError, UnseenError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ROLLOUT_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext

ROLLBACK_SECONDS = 60
UNSEEN = (
    "the changes stay, because the state of the objects could not be seen, and nothing proves that they are broken. "
    "Remove the cause and run the task again"
)


@contextmanager
def recovery(context: ApplyContext) -> Iterator[None]:
    """Undo the changes of the steps inside when they fail. An error that only hides their state proves nothing.

    The error keeps its cause, and its message describes the recovery.
    """
    try:
        yield
    except KubeError as error:
        if not context.cluster.check:
            _recover(context, error)
        raise


def _recover(context: ApplyContext, error: KubeError) -> None:
    choice, result = context.params["on_failure"], context.result
    if choice == "keep" or not any(change.changed for change in result.changes):
        return
    if isinstance(error, UnseenError):
        result.fields["rollback"] = {"done": False, "message": UNSEEN}
        error.message += f"\non_failure: {choice}: {UNSEEN}"
        return
    # the deadline of the task may have passed
    cluster = context.cluster.within(ROLLBACK_SECONDS)
    applier = cluster.applier(manager=context.params["field_manager"])
    try:
        recover = _delete_created if choice == "delete" else _roll_back
        text = recover(context, cluster, applier)
    except KubeError as second:
        text = f"and the {choice} failed too: {second}"
        result.fields["rollback"] = {"done": False, "message": str(second)}
    error.message += f"\non_failure: {choice}: {text}"


def _delete_created(context: ApplyContext, cluster: Cluster, applier: Applier) -> str:
    cluster.progress("deleting the objects that the task created")
    notes: list[dict] = []
    delete_created(applier, context.result.changes, notes)
    context.result.fields["rollback"] = {"done": True, "objects": notes}
    return f"deleted {len(notes)} objects that the task had created"


def _roll_back(context: ApplyContext, cluster: Cluster, applier: Applier) -> str:
    cluster.progress("rolling back")
    changes, notes = roll_back(applier, context.result.changes)
    outcome = context.result.fields["rollback"] = {"done": True, "objects": notes}
    deleted = sum(note["restored"].startswith("deleted") for note in notes)
    text = f"restored {len(notes) - deleted} objects"
    if deleted:
        text += f", deleted {deleted} that the task had created"
    targets = [
        Target(change.ref, change.after)
        for change in changes
        if change.ref.kind in ROLLOUT_KINDS and change.after and change.action != "deleted"
    ]
    if not targets:
        return text
    try:
        cluster.within(ROLLBACK_SECONDS).waiter().wait(targets)
    except (WaitError, UnseenError) as error:
        outcome["done"] = False
        found = "is not rolled out either" if isinstance(error, WaitError) else "could not be seen"
        return f"{text}; but the earlier state {found}:\n{error}"
    return f"{text}; the earlier state is rolled out"
