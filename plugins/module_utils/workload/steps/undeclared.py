"""Delete the objects of an application that its declaration no longer has: an autoscaler, for example."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import PART_OF
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import (
    VOLUMES,
    DataGuard,
    is_marked,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.takeover import has_applied
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.removal import (
    objects_of_apps,
)

# Works against the declaration as long as it exists, so it goes before the task waits.
OPPOSING = ("HorizontalPodAutoscaler",)


@dataclass
class Undeclared:
    """The objects to delete, by reference."""

    context: ApplyContext
    found: dict[ObjectRef, dict] = field(default_factory=dict)

    @classmethod
    def find(cls, context: ApplyContext, objects: list[dict]) -> Undeclared:
        """Find objects that Slipway made for the applications of the task, and that the task does not declare.

        An application that seems new may have had another kind. A kind that the account may not list is left
        alone, with a warning.

        Args:
            context: The run of the module.
            objects: The declared objects.

        Raises:
            KubeError: Data would go with one of them, or the API server refused to list a kind for another reason.
        """
        declared = {ref_of(obj) for obj in objects}
        cluster, apps = context.cluster, context.declaration.apps
        warnings: list[str] = []
        made = objects_of_apps(cluster.client, cluster.discovery, apps, warnings)
        context.result.warn(warnings)
        manager = context.params["field_manager"]
        found = {
            ref: obj for ref, obj in made.items() if ref not in declared and is_ours(obj, manager)
        }
        if not context.params["remove_data"]:
            guard = DataGuard(cluster.client, cluster.discovery)
            guard.check(found.values())
            context.result.warn(guard.warnings)
        return cls(context, found)

    def delete_opposing(self, applied: list[dict]) -> None:
        """Delete what would undo the declaration of objects that were applied.

        Args:
            applied: The objects. What works against one of them has its name.

        Raises:
            ApplyError: The API server refused.
        """
        names = {(ref.namespace, ref.name) for ref in map(ref_of, applied)}
        self._delete(
            [r for r in self.found if r.kind in OPPOSING and (r.namespace, r.name) in names]
        )

    def delete_rest(self) -> None:
        """Delete everything else, when the declaration is in effect.

        Raises:
            ApplyError: The API server refused.
        """
        self._delete([ref for ref in self.found if ref.kind not in OPPOSING])

    def _delete(self, refs: list[ObjectRef]) -> None:
        if not refs:
            return
        context = self.context
        context.cluster.progress(f"deleting {len(refs)} objects that are no longer declared")
        context.result.collect(
            lambda: context.applier.delete(refs, wait=context.waits_for_deletion, live=self.found),
            "pruned",
        )


def is_ours(obj: dict, manager: str) -> bool:
    """Return whether an object may be deleted: applied by us, without an owner, another set, or the mark to keep it."""
    metadata = obj["metadata"]
    return (
        obj["kind"] not in VOLUMES
        and has_applied(obj, manager)
        and not metadata.get("ownerReferences")
        and PART_OF not in (metadata.get("labels") or {})
        and not is_marked(obj)
    )
