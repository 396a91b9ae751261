"""Action plugin of the module lesson_measurement, which documents it."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_action import LessonAction

KINDS = ("line", "steps", "bars", "distribution", "text")


class ActionModule(LessonAction):
    """Record what was measured, for the plots of the report."""

    OPTIONS = {
        "name": True,
        "kind": True,
        "data": True,
        "unit": False,
        "x_unit": False,
        "marks": False,
    }

    def act(self, given: dict[str, Any]) -> dict[str, Any]:
        """Check the shape and record."""
        kind, data = given["kind"], given["data"]
        if kind not in KINDS:
            return {"failed": True, "msg": f"lesson_measurement: kind is one of {', '.join(KINDS)}"}
        wanted = str if kind == "text" else dict
        if not isinstance(data, wanted):
            return {
                "failed": True,
                "msg": f"lesson_measurement: data of kind {kind} is a {wanted.__name__}",
            }
        self.evidence.add(
            "evidence",
            name=str(given["name"]),
            kind=kind,
            unit=str(given.get("unit") or ""),
            x_unit=str(given.get("x_unit") or ""),
            marks=given.get("marks") or [],
            data=data,
        )
        return {"evidence": str(given["name"])}
