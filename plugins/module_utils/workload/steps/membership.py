"""Record the members of an ApplySet, and prune the ones that are no longer declared."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import (
    PART_OF,
    check_new,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    kind_of,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.run import ReleaseRun
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.data import (
    keep_marked_and_data,
)


class Membership:
    """The ApplySet of a task. Without one, its methods do nothing.

    Args:
        context: The run of the module.
    """

    def __init__(self, context: ApplyContext):
        self._context = context
        self._refs: list[ObjectRef] = []
        self._undeclared: dict[ObjectRef, dict] = {}
        self._applyset = context.named_set()
        self.release = ReleaseRun(context)

    def label(self, objects: list[dict]) -> None:
        """Mark the declared objects as members."""
        if self._applyset:
            self._applyset.label(self.release.members(objects))

    def record(self, objects: list[dict], live: dict[ObjectRef, dict]) -> list[dict]:
        """Record the members before they are applied, so that none is ever lost.

        The members that the task no longer declares are found here too: an account that may not list them fails before
        the task changes anything.

        Args:
            objects: All objects of the task.
            live: Those of the objects that exist. Receives the namespaces that are created.

        Returns:
            The objects that remain to be applied.

        Raises:
            KubeError: The name of the set belongs to another object or another tool, an object is not a member and
                must not become one, or the API server refused to list members or to write the record.
        """
        if not self._applyset:
            return objects
        # neither namespaces that the task creates by itself, nor definitions of a chart
        self._refs = [
            ref_of(obj) for obj in objects if PART_OF in (obj["metadata"].get("labels") or {})
        ]
        force = self._context.params["force"]
        self._applyset.read(takes_over=force)
        if not force:
            self._applyset.check_members(live)
        if not self._context.params["adopt"]:
            check_new(self._applyset, {ref: live[ref] for ref in self._refs if ref in live})
        self.release.check(live)
        if self._context.params["prune"]:
            self._undeclared = self._applyset.prune_candidates(self._refs)
        if self._context.cluster.check:
            return objects
        remaining = self._create_namespaces(objects, live)
        self._applyset.widen_parent(self._refs)
        return remaining

    def prune(self) -> None:
        """Delete the recorded members that the task no longer declares.

        Raises:
            KubeError: The API server refused to delete a member or to write the record.
        """
        if not self._applyset or not self._context.params["prune"]:
            return
        candidates = {**self.release.undeclared, **self._undeclared}
        # they stay members, so a later task can still prune them
        kept = keep_marked_and_data(self._context, candidates)
        candidates = {ref: obj for ref, obj in candidates.items() if ref not in kept}
        if candidates:
            self._context.cluster.progress(f"pruning {len(candidates)} objects")
            self._context.result.collect(
                lambda: self._context.applier.delete(
                    list(candidates), wait=self._context.waits_for_deletion, live=candidates
                ),
                "pruned",
            )
        if not self._context.cluster.check:
            self._applyset.narrow_parent([*self._refs, *kept])

    def _create_namespaces(self, objects: list[dict], live: dict[ObjectRef, dict]) -> list[dict]:
        """Create missing namespaces, because the record needs one before its members do."""
        missing = [o for o in objects if kind_of(o) == "Namespace" and ref_of(o) not in live]
        if not missing:
            return objects
        created = self._context.applier.apply(missing, live)
        self._context.result.changes += created
        live.update({change.ref: change.after for change in created})
        return [obj for obj in objects if obj not in missing]
