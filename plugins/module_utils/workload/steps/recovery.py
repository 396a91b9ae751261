"""Handle a failed apply as the option ``on_failure`` requires."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.rollback import restore
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.withdrawal import (
    DELETED,
    own_changes,
    withdraw,
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
    try:
        text = (_delete_created if choice == "delete" else _roll_back)(context, cluster)
    except KubeError as second:
        text = f"and the {choice} failed too: {second}"
        result.fields["rollback"] = {"done": False, "message": str(second)}
    error.message += f"\non_failure: {choice}: {text}"


def _delete_created(context: ApplyContext, cluster: Cluster) -> str:
    cluster.progress("deleting the objects that the task created")
    changes, others = own_changes(cluster.client, cluster.discovery, context.result.changes)
    notes = [*withdraw(cluster.applier(), changes), *others]
    context.result.fields["rollback"] = {"done": True, "objects": notes}
    return _described(notes)


def _roll_back(context: ApplyContext, cluster: Cluster) -> str:
    cluster.progress("rolling back")
    applier = cluster.applier(manager=context.params["field_manager"])
    own, others = own_changes(cluster.client, cluster.discovery, context.result.changes)
    changes, restored = restore(applier, own)
    notes = [*withdraw(applier, own), *others]
    outcome = context.result.fields["rollback"] = {"done": True, "objects": [*restored, *notes]}
    text = f"restored {len(restored)} objects"
    if notes:
        text += f", {_described(notes)}"
    targets = [
        Target(change.ref, change.after, unblock=True)
        for change in changes
        if change.ref.own_kind in ROLLOUT_KINDS and change.after
    ]
    if not targets:
        return text
    waiter = cluster.within(ROLLBACK_SECONDS).waiter()
    try:
        waiter.wait(targets)
    except (WaitError, UnseenError) as error:
        outcome["done"] = False
        found = "is not rolled out either" if isinstance(error, WaitError) else "could not be seen"
        return f"{text}; but the earlier state {found}:\n{error}"
    finally:
        context.result.take_notes(waiter)
    return f"{text}; the earlier state is rolled out"


def _described(notes: list[dict]) -> str:
    """Return how many objects were deleted, and what was found of those that were not."""
    others = [note for note in notes if note["restored"] != DELETED]
    texts = [f"deleted {len(notes) - len(others)} that the task had created"]
    return "; ".join(
        [*texts, *(f"{one['kind']} {one['name']} {one['restored']}" for one in others)]
    )
