"""Apply one object with server-side apply."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import forced
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import (
    explain,
    explain_immutable,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.replacement import (
    Delete,
    recreate,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import Sender
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.takeover import (
    for_a_dry_run,
    give_owners,
    gives_up_headless,
    needs_no_apply,
    was_declared_in_another_version,
    with_declared_strategy,
    without_idle_nulls,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    overlaid,
    ref_of,
)


class ObjectApplier:
    """Applies single objects.

    Args:
        sender: Sends the requests.
        delete: Deletes an object; see ``recreate``.
    """

    def __init__(self, sender: Sender, delete: Delete):
        self._sender = sender
        self._options = sender.options
        self._delete = delete

    def apply(
        self,
        obj: dict,
        existing: dict[ObjectRef, dict],
        is_premature: Callable[[KubeError, ObjectRef], bool],
    ) -> ObjectChange:
        """Apply an object, unless that surely changes nothing.

        Args:
            obj: The object as declared.
            existing: The objects of the task that exist.
            is_premature: Whether an error only means that the object needs another one first.

        Raises:
            KubeError: The server refused the object.
        """
        ref = ref_of(obj)
        live = existing.get(ref)
        try:
            if live:
                live = forced.take_over(self._sender, live)
                obj = without_idle_nulls(obj, live)
                if gives_up_headless(obj, live, self._options.manager):
                    return self._with_address(obj, live)
                if needs_no_apply(obj, live, self._options.manager):
                    forced.note(self._sender, None, live)
                    return ObjectChange(ref, "unchanged", live, live)
            after = self._send(obj, live, existing.get(ref))
        except ApiError as error:
            if self._options.dry_run and is_premature(error, ref):
                return self._predicted(ref, live, obj)
            if not error.immutable:
                raise explain(error, ref, live, obj, self._sender.client) from error
            if not self._options.recreate:
                raise explain_immutable(error, ref, live, obj) from error
            live = live or self._sender.client.get(self._sender.path(ref))
            return recreate(self._sender, self._delete, obj, live)
        except KubeError as error:
            if self._options.dry_run and is_premature(error, ref):
                return self._predicted(ref, live, obj)
            raise KubeError(f"{ref}: {error}", **error.result) from error
        forced.note(self._sender, live, after)
        return ObjectChange.between(ref, live, after, self._options.manager)

    def _with_address(self, obj: dict, live: dict) -> ObjectChange:
        """Recreate a Service without an address, because the server would silently leave it without one."""
        if not self._options.recreate:
            raise KubeError(
                "this change is not possible in place (spec.clusterIP: a Service that is headless stays headless); "
                "recreate: true deletes the object and creates it again"
            )
        return recreate(self._sender, self._delete, obj, live)

    def _predicted(self, ref: ObjectRef, live: dict | None, obj: dict) -> ObjectChange:
        """Return the change of an object that the server can only judge when others of the task exist."""
        after = overlaid(live, obj) if live else obj
        return ObjectChange.between(ref, live, after, self._options.manager)

    def _send(self, obj: dict, live: dict | None, found: dict | None) -> dict:
        sent = self._with_owners(obj, live)
        after = forced.send(self._sender, sent, found)
        if not live:
            return after
        if not self._options.dry_run:
            return self._settled(sent, live, after)
        return forced.predict(self._sender, with_declared_strategy(obj, live, after))

    def _settled(self, sent: dict, live: dict, after: dict) -> dict:
        """Return the object as declared, even if it was declared in another version before.

        The server then converts it to the former version, to remove fields, and back. An autoscaler does not keep the
        order of its metrics on this way. A second request has no former version.
        """
        manager = self._options.manager
        is_as_declared = needs_no_apply(sent, after, manager)
        if is_as_declared or not was_declared_in_another_version(sent, live, manager):
            return after
        return self._sender.send(sent, self._options.force)

    def _with_owners(self, obj: dict, live: dict | None) -> dict:
        """Return the object to send, after fields of the live object have got their owners.

        A dry run changes no owners.
        """
        if not live:
            return obj
        manager = self._options.manager
        if self._options.dry_run:
            return for_a_dry_run(obj, live, manager)
        give_owners(self._sender.client, self._sender.path(ref_of(obj)), obj, live, manager)
        return obj
