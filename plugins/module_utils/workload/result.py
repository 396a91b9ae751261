"""The result of the workload module."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import ansible_diff
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.manifests import secrets_in
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.waiter import Waiter
from ansible_collections.slipway.lab.plugins.module_utils.workload.secrets import hide_secrets


def add_warnings(fields: dict[str, Any], texts: Iterable[str]) -> None:
    """Add warnings to the fields of a result, each of them once."""
    found = {*fields.get("warnings", ()), *texts}
    if found:
        fields["warnings"] = sorted(found)


def add_notes(fields: dict[str, Any], waiter: Waiter) -> None:
    """Add to the fields of a result the pods that a wait deleted, and its warnings."""
    if waiter.unblocked:
        fields.setdefault("unblocked", []).extend(waiter.unblocked)
    add_warnings(fields, waiter.warnings)


class TaskResult:
    """Collects the changes of a task and the outcome of its steps.

    Args:
        diff: Whether the result contains a diff.
    """

    def __init__(self, diff: bool = False):
        self.changes: list[ObjectChange] = []
        self.fields: dict[str, Any] = {}
        self.stages: list[list[str]] = []
        self.secrets: set[str] = set()
        self._diff = diff
        self._started = time.monotonic()

    @property
    def is_changed(self) -> bool:
        """Check whether an object was changed or restarted."""
        fields = self.fields
        beyond = (
            fields.get("restarted")
            or fields.get("hooks")
            or (fields.get("release") or {}).get("operation")
        )
        return any(change.changed for change in self.changes) or bool(beyond)

    def collect(self, work: Callable[[], list[ObjectChange]], action: str = "") -> None:
        """Add the changes that ``work`` returns, or that it made before it failed.

        Args:
            work: Makes the changes.
            action: Name of the changes in the result, instead of their own.

        Raises:
            KubeError: The work failed.
        """
        made: list[ObjectChange] = []
        try:
            made = work()
        except KubeError as error:
            made = [*error.done]
            raise
        finally:
            for change in made:
                change.action = action or change.action
            self.changes += made

    def warn(self, texts: Iterable[str]) -> None:
        """Add warnings, each of them once."""
        add_warnings(self.fields, texts)

    def take_notes(self, waiter: Waiter) -> None:
        """Add the pods that a wait deleted, and its warnings."""
        add_notes(self.fields, waiter)

    def hide_secrets_in(self, objects: list[dict]) -> None:
        """Add the values of every Secret to the values that are kept out of the result."""
        self.secrets |= secrets_in(objects)

    def hide_secrets_of(self, module: Any) -> None:
        """Keep the values of every Secret, and the parameters that contain them, out of the output of a module."""
        hide_secrets(module, self.secrets)

    def as_dict(self, client: KubeClient) -> dict:
        """Return the result as the module returns it."""
        result = {
            "changed": self.is_changed,
            "objects": [change.result() for change in self.changes],
            "counts": dict(Counter(change.action for change in self.changes)),
            "requests": client.requests,
            "writes": client.writes,
            "seconds": round(time.monotonic() - self._started, 3),
            **self.fields,
        }
        if len(self.stages) > 1:
            result["stages"] = self.stages
        if self._diff:
            changed = [change for change in self.changes if change.changed]
            result["diff"] = ansible_diff([(change.before, change.after) for change in changed])
        return result

    @contextmanager
    def attached_to_errors(self, client: KubeClient) -> Iterator[None]:
        """Add the result so far to an error of the steps inside."""
        try:
            yield
        except KubeError as error:
            error.result = {**self.as_dict(client), **error.result}
            raise
