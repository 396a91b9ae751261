"""Judge the conditions, properties and the end of any object that a task waits for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    as_text,
    condition,
    is_outdated,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import Status

# .name and [0]; a name in brackets may contain dots: ["example.com/x"]
STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]|\[[\"']([^\"']+)[\"']\]")


@dataclass(frozen=True)
class Expectation:
    """One object, and what is expected of it.

    Args:
        ref: The object.
        condition: Type of a condition.
        status: The status that the condition must have.
        path: Path of a property, such as ``.status.loadBalancer.ingress``.
        value: The value that the property must have as text; None for any that is not empty.
        deleted: The object must not exist.
    """

    ref: ObjectRef
    condition: str = ""
    status: str = "True"
    path: str = ""
    value: str | None = None
    deleted: bool = False

    @property
    def text(self) -> str:
        """Return the expectation in words."""
        if self.deleted:
            return f"{self.ref} does not exist"
        if self.condition:
            return f"{self.ref} has the condition {self.condition}={self.status}"
        wanted = "a value" if self.value is None else f"the value {self.value}"
        return f"{self.ref} has {wanted} at {self.path}"

    def judge(self, obj: dict | None) -> Status:
        """Return whether an object, or None for a missing one, is as expected, and what it is like."""
        if self.deleted:
            return Status(obj is None, "it is gone" if obj is None else "it exists")
        if obj is None:
            return Status(False, "it does not exist")
        if self.condition:
            return self._judge_condition(obj)
        found = value_at(obj, self.path)
        done = (
            found not in (None, "", [], {}) if self.value is None else as_text(found) == self.value
        )
        return Status(done, f"{self.path} is {as_text(found) or 'empty'}")

    def _judge_condition(self, obj: dict) -> Status:
        state = condition(obj, self.condition)
        if not state:
            return Status(False, f"it has no condition {self.condition}")
        if is_outdated(obj, state):
            return Status(False, f"{self.condition} is about an earlier declaration")
        reason = " ".join(filter(None, (state.get("reason"), state.get("message"))))
        text = f"{self.condition} is {state.get('status')}" + (f": {reason}" if reason else "")
        return Status(state.get("status") == self.status, text)


def value_at(obj: Any, path: str) -> Any:
    """Return the value at a path, or None when there is none."""
    for name, index, quoted in STEP.findall(path):
        if index:
            if not isinstance(obj, list) or int(index) >= len(obj):
                return None
            obj = obj[int(index)]
        elif isinstance(obj, dict):
            obj = obj.get(name or quoted)
        else:
            return None
    return obj
