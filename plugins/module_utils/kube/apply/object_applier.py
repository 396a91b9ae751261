"""Apply one object with server-side apply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import (
    explain,
    explain_immutable,
    may_take_over,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    is_unchanged,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import APPLY, KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of


@dataclass(frozen=True)
class ApplyOptions:
    """Settings for applying objects.

    Args:
        manager: The field manager.
        force: Whether to take over fields of other managers.
        recreate: Whether to delete and create what cannot be changed in place.
        dry_run: Whether the server is only asked, and nothing is changed.
        validate: What the server does with unknown fields: strict, warn or ignore.
    """

    manager: str = field_managers.DECLARE
    force: bool = False
    recreate: bool = False
    dry_run: bool = False
    validate: str = "strict"


class ObjectApplier:
    """Applies single objects.

    Args:
        client: Sends the requests.
        discovery: Finds the paths of kinds.
        options: How objects are applied.
        delete: Deletes an object and waits until it has disappeared.
    """

    def __init__(
        self,
        client: KubeClient,
        discovery: Discovery,
        options: ApplyOptions,
        delete: Callable[[ObjectRef], None],
    ):
        self._client = client
        self._discovery = discovery
        self._options = options
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
        if live and is_unchanged(obj, live, self._options.manager):
            return ObjectChange(ref, "unchanged", live, live)
        try:
            after = self._send(obj, self._options.force)
        except ApiError as error:
            if self._options.dry_run and not live and is_premature(error, ref):
                return ObjectChange.between(ref, None, obj)
            if not error.immutable:
                raise explain(error, ref) from error
            if not self._options.recreate:
                raise explain_immutable(error, ref) from error
            return self._recreate(obj, live)
        except KubeError as error:
            if self._options.dry_run and is_premature(error, ref):
                return ObjectChange.between(ref, None, obj)
            raise KubeError(f"{ref}: {error}", **error.result) from error
        return ObjectChange.between(ref, live, after)

    def _send(self, obj: dict, force: bool) -> dict:
        query = {
            "fieldManager": self._options.manager,
            "force": force,
            "fieldValidation": self._options.validate.capitalize(),
        }
        if self._options.dry_run:
            query["dryRun"] = "All"
        try:
            return self._client.patch(self._discovery.path(ref_of(obj)), obj, APPLY, **query)
        except ApiError as error:
            if not force and may_take_over(error):
                return self._send(obj, force=True)
            raise

    def _recreate(self, obj: dict, live: dict | None) -> ObjectChange:
        ref = ref_of(obj)
        if self._options.dry_run:
            return ObjectChange.recreated(ref, live, obj)
        self._delete(ref)
        return ObjectChange.recreated(ref, live, self._send(obj, self._options.force))
