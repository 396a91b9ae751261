"""Send declarations with server-side apply."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.unknown_fields import (
    unknown_field,
    without_field,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import APPLY, KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of


def may_take_over(error: ApiError) -> bool:
    """Return whether a conflict is only with those of our managers that a declaration overrides."""
    owners = {entry["owner"] for entry in error.conflicts()}
    return bool(owners) and owners <= set(field_managers.YIELDING)


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


class Sender:
    """Sends declarations to the API server.

    Args:
        client: Sends the requests.
        discovery: Finds the paths of kinds.
        options: How objects are applied.
    """

    def __init__(self, client: KubeClient, discovery: Discovery, options: ApplyOptions):
        self.client = client
        self.discovery = discovery
        self.options = options
        self.warnings: list[str] = []

    def path(self, ref: ObjectRef) -> str:
        """Return the path of an object.

        Raises:
            KubeError: Its kind is not served.
        """
        return self.discovery.path(ref)

    def send(self, obj: dict, force: bool) -> dict:
        """Apply an object; return it as it is then.

        Args:
            obj: The object.
            force: Whether to take over fields of other managers.

        Raises:
            ApiError: The server refused it.
        """
        query = {
            "fieldManager": self.options.manager,
            "force": force,
            "fieldValidation": self.options.validate.capitalize(),
        }
        if self.options.dry_run:
            query["dryRun"] = "All"
        try:
            return self.client.patch(self.path(ref_of(obj)), obj, APPLY, **query)
        except ApiError as error:
            if not force and may_take_over(error):
                return self.send(obj, force=True)
            known = self._without_unknown_field(obj, error)
            if known is None:
                raise
        return self.send(known, force)

    def _without_unknown_field(self, obj: dict, error: ApiError) -> dict | None:
        """Return the object without a field that the server does not know, if that is allowed."""
        field = unknown_field(error)
        if self.options.validate == "strict" or not field:
            return None
        known = without_field(obj, field)
        if known is not None and self.options.validate == "warn":
            self.warnings.append(f"{ref_of(obj)}: the unknown field {field} was left out")
        return known
