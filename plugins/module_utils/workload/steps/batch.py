"""Change many objects of a task concurrently, and report what was done even if some are refused."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import (
    refusal_entry,
    refusal_text,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import ansible_diff
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of


class Batch:
    """The changes of a task to existing objects.

    Args:
        client: Runs the changes in its threads.
        change: Changes one object, given as it is.
    """

    def __init__(self, client: KubeClient, change: Callable[[dict], ObjectChange]):
        self._client = client
        self._change = change
        self.changes: list[ObjectChange] = []

    def run(self, objects: list[dict]) -> list[ObjectChange]:
        """Change the objects.

        Raises:
            KubeError: Some were refused. The result of the error has the others.
        """
        answers = self._client.parallel(self._change, objects)
        self.changes = [answer for answer in answers if isinstance(answer, ObjectChange)]
        refused = [
            (ref_of(obj), error)
            for obj, error in zip(objects, answers)
            if isinstance(error, KubeError)
        ]
        if refused:
            may_be_changed = any(error.result.get("changed") for _, error in refused)
            result = self.result()
            result["changed"] |= may_be_changed
            result["errors"] = [refusal_entry(*one) for one in refused]
            raise KubeError(refusal_text(refused), **result)
        return self.changes

    def result(self) -> dict:
        """Return the changes as a module returns them."""
        return {
            "changed": any(change.changed for change in self.changes),
            "objects": [
                {**change.result(), **_versions(change.after or change.before or {})}
                for change in self.changes
            ],
        }

    def diff(self, with_status: bool = False) -> dict:
        """Return the changed objects before and after, in the form that ``--diff`` prints."""
        changed = [change for change in self.changes if change.changed]
        return ansible_diff([(change.before, change.after) for change in changed], with_status)


def _versions(obj: dict) -> dict:
    metadata = obj.get("metadata") or {}
    return {
        "uid": metadata.get("uid", ""),
        "resource_version": metadata.get("resourceVersion", ""),
    }
