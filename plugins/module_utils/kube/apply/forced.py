"""Take over what is in the way of a declaration, which needs ``force``, and warn of what is not as declared."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import (
    client_side,
    gitops,
    lost_owners,
    ports_in_the_way,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.migration import move_part
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import Sender
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of


def take_over(sender: Sender, live: dict) -> dict:
    """Return a live object after a takeover from kubectl, which needs ``force``.

    Raises:
        ApiError: The server refused.
    """
    options = sender.options
    if not options.force:
        return live
    path = sender.path(ref_of(live))
    return client_side.take_over(sender.client, path, live, options.manager, options.dry_run)


def send(sender: Sender, obj: dict, live: dict | None) -> dict:
    """Apply an object; return it as it is then.

    Args:
        sender: Sends the requests.
        obj: The object.
        live: The object before, with its owners.

    Raises:
        ApiError: The server refused it.
    """
    options = sender.options
    try:
        return sender.send(obj, options.force)
    except ApiError as error:
        ports = ports_in_the_way.find(obj, live, error) if options.force and live else {}
        if not ports:
            raise
    path = sender.path(ref_of(obj))
    if options.dry_run:
        return ports_in_the_way.predict(sender.client, path, obj, live, ports)
    move_part(sender.client, path, live, ports, options.manager)
    return sender.send(obj, options.force)


def predict(sender: Sender, obj: dict) -> dict:
    """Return what the takeover leaves of the answer to a dry run, in which kubectl still owns its fields.

    Raises:
        ApiError: The server refused the object without the fields of kubectl.
    """
    if not sender.options.force or not client_side.declaring_managers(obj):
        return obj
    return client_side.after_takeover(sender.client, sender.path(ref_of(obj)), obj)


def note(sender: Sender, before: dict | None, after: dict) -> None:
    """Warn about fields of other managers that a task left alone or took over, and about owners that do not exist."""
    path = sender.path(ref_of(after))
    remaining = (
        "" if sender.options.force else client_side.remaining_note(sender.client, path, after)
    )
    overridden = gitops.overridden_note(before or after, after)
    lost = lost_owners.note(sender, after)
    sender.warnings += [text for text in (remaining, overridden, lost) if text]
