"""Take over a release of helm without a change of its objects."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.migration import move_fields
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.release import record
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.owners import (
    undeclared_objects,
)


class Adoption:
    """The takeover of one release.

    Args:
        context: The run of the module.
        secrets: The Secrets of helm, the latest revision last.
        undeclared: The objects of the latest revision that the task does not declare.
    """

    def __init__(self, context: ApplyContext, secrets: list[dict], undeclared: dict):
        self._context = context
        self._secrets = secrets
        self.undeclared: dict[ObjectRef, dict] = undeclared

    @classmethod
    def find(cls, context: ApplyContext) -> Adoption | None:
        """Return the takeover of the task, or None when helm has no such release.

        Raises:
            KubeError: Helm has the release, and the task may not take it over, or not in this state.
        """
        release, client = context.declaration.release, context.cluster.client
        secrets = record.helm_revisions(client, release.namespace, release.name)
        if not secrets:
            return None
        revision = record.revision_of(secrets[-1])
        named = (
            f"release {release.name} in {release.namespace} belongs to helm (revision {revision})"
        )
        if not release.adopt:
            raise KubeError(
                f"{named}; nothing was applied. Take it over with helm_adopt: true, or choose another name"
            )
        status = secrets[-1]["metadata"]["labels"].get("status")
        if status != "deployed":
            raise KubeError(
                f"{named} and is {status}; nothing was applied. Finish it first, for example with "
                f"`helm rollback {release.name}`"
            )
        content = record.decoded(secrets[-1])
        about = content["chart"]["metadata"]
        if (about["name"], str(about["version"])) != (release.chart, release.version):
            raise KubeError(
                f"{named} as {about['name']} {about['version']}, and the task declares {release.chart} "
                f"{release.version}; nothing was applied. Take over the installed version first, and then upgrade it"
            )
        return cls(context, secrets, undeclared_objects(context, content.get("manifest") or ""))

    def take_fields(self, live: dict[ObjectRef, dict]) -> None:
        """Make the declaration the owner of the fields that helm owns. Values stay.

        Args:
            live: The objects. Receives their new state.

        Raises:
            KubeError: The API server refused.
        """
        context = self._context
        if context.cluster.check:
            return
        client, discovery = context.cluster.client, context.cluster.discovery
        manager = context.params["field_manager"]
        refs = list(live)
        moved = client.parallel(
            lambda ref: move_fields(
                client, discovery.path(ref), live[ref], (record.HELM,), manager
            ),
            refs,
        )
        for ref, obj in zip(refs, moved):
            if isinstance(obj, KubeError):
                raise KubeError(f"{ref}: {obj}", **obj.result)
            live[ref] = obj

    def finish(self) -> None:
        """Hide the release from helm. Its Secrets stay, so that helm can have it back.

        Raises:
            KubeError: The API server refused.
        """
        record.change_owner(self._context.cluster.client, self._secrets, record.TAKEN_OVER)
