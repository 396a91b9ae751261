"""Delete an object whose change is not possible in place, and create it as declared."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.claim_growth import ClaimGrowth
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
    UnfinishedError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.recreation import (
    check_replaceable,
    check_successor,
    pods_may_stay,
    replace_object,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import Sender
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of

ORPHAN = {"propagationPolicy": "Orphan"}

Delete = Callable[[ObjectRef, dict, "dict | None"], object]


def recreate(sender: Sender, delete: Delete, obj: dict, live: dict) -> ObjectChange:
    """Replace an object, after the server has accepted everything that follows in dry runs.

    Claims of a StatefulSet grow first: as long as its templates are the former ones, a task that was interrupted can
    see what is left to do.

    Args:
        sender: Sends the requests.
        delete: Deletes an object, given with its present state and fields of DeleteOptions, and waits until it has
            disappeared.
        obj: The object as declared.
        live: The object as it is.

    Raises:
        KubeError: It cannot be replaced, or not without its data.
    """
    ref, client, discovery = ref_of(obj), sender.client, sender.discovery
    orphan = pods_may_stay(obj, live)
    sender.warnings += check_replaceable(client, discovery, live, orphan)
    predicted = check_successor(client, discovery, obj)
    growth = ClaimGrowth(client, obj, live, sender.options.manager)
    growth.check()
    sender.warnings += growth.warnings
    if sender.options.dry_run:
        return _with(ObjectChange.recreated(ref, live, predicted), growth)
    try:
        growth.grow()
        after = replace_object(
            client,
            discovery,
            live,
            lambda: delete(ref, live, ORPHAN if orphan else None),
            lambda: sender.send(obj, sender.options.force),
        )
    except UnfinishedError as error:
        _with(error.change, growth)
        raise
    except KubeError as error:
        if not growth.changes:
            raise
        change = _with(ObjectChange(ref, "configured", live, live), growth)
        raise UnfinishedError(f"{error}; its claims have grown", change, **error.result) from error
    return _with(ObjectChange.recreated(ref, live, after), growth)


def _with(change: ObjectChange, growth: ClaimGrowth) -> ObjectChange:
    change.changes += growth.changes
    return change
