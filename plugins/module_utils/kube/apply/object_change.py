"""The change of one object by a task, or its prediction."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    fields_of_others,
    without_fields,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import changes
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, reference


@dataclass
class ObjectChange:
    """One object before and after.

    Args:
        ref: Identifies the object.
        action: unchanged, created, configured, recreated, deleted or pruned.
        before: The object before, or None.
        after: The object after, or None.
        changes: The fields that differ.
    """

    ref: ObjectRef
    action: str
    before: dict | None = None
    after: dict | None = None
    changes: list[dict] = field(default_factory=list)

    @classmethod
    def between(
        cls, ref: ObjectRef, before: dict | None, after: dict, manager: str
    ) -> ObjectChange:
        """Return the change that an apply made.

        An object whose fields are equal is unchanged, even if the record of field owners differs. So is one that only
        another manager, such as a controller, has changed in the meantime.

        Args:
            ref: Identifies the object.
            before: The object as it was read before the apply, or None.
            after: The object that the apply returned.
            manager: The manager of the apply.
        """
        if not before:
            return cls(ref, "created", None, after)
        difference = changes(before, after)
        if difference:
            others = fields_of_others(before, after, manager)
            if not changes(without_fields(before, others), without_fields(after, others)):
                difference = []
        return cls(ref, "configured" if difference else "unchanged", before, after, difference)

    @classmethod
    def recreated(cls, ref: ObjectRef, before: dict | None, after: dict) -> ObjectChange:
        """Return the change of an object that was deleted and created again."""
        return cls(ref, "recreated", before, after, changes(before, after))

    @property
    def changed(self) -> bool:
        """Return whether the object differs now."""
        return self.action != "unchanged"

    def result(self) -> dict:
        """Return the change as a module returns it."""
        return {**reference(self.ref), "action": self.action, "changes": self.changes}


class ApplyError(KubeError):
    """The API server refused some objects.

    Args:
        message: Names the refused objects and the reasons.
        done: The changes that were made before the refusal.
        errors: One entry for each refused object, as the module returns it.
    """

    def __init__(self, message: str, done: list[ObjectChange], errors: list[dict]):
        super().__init__(message, errors=errors)
        self.done = done


class UnfinishedError(KubeError):
    """A change was made, and what follows it failed.

    Args:
        message: The cause.
        change: The change.
    """

    def __init__(self, message: str, change: ObjectChange, **result):
        super().__init__(message, **result)
        self.change = change
