"""Action plugin of the module lesson, which documents it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_action import LessonAction
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import NOT_REACHED, Evidence


class ActionModule(LessonAction):
    """Begin a lesson, note what cut it short, end it with its verdict."""

    OPTIONS = {"state": True}

    def act(self, given: dict[str, Any]) -> dict[str, Any]:
        """Do what the state says."""
        return {"begun": self._begin, "failed": self._fail, "ended": self._end}[given["state"]]()

    def _begin(self) -> dict[str, Any]:
        self.stop_background()
        wanted, known = self.variable("lesson_break"), self.variable("lesson_breaks")
        versions = self.variable("slipway_versions")
        Evidence(Path(self.variable("lesson_evidence_file"))).begin(
            self.lesson,
            lab=str(self.variable("slipway_lab")),
            broken=wanted,
            check_only=self.variable("lesson_check_only"),
            versions={"kubernetes": versions["kubernetes"], "minikube": versions["minikube"]},
        )
        if wanted and wanted not in known:
            some = ", ".join(known) or "none"
            return {
                "failed": True,
                "msg": f"lesson_break: unknown break: {wanted}. Available: {some}",
            }
        return {"lesson": self.lesson}

    def _fail(self) -> dict[str, Any]:
        evidence = self.evidence
        task, told = self.vars["ansible_failed_task"], self.vars["ansible_failed_result"]
        evidence.data["error"] = {
            "task": str(task["name"]),
            "reason": str(told.get("msg") or told.get("stderr") or "no reason was given"),
        }
        evidence.save()
        return {"error": evidence.data["error"]}

    def _end(self) -> dict[str, Any]:
        evidence, text = self.evidence, self.text
        self.stop_background()
        failed = evidence.end(text.claims, bool(self.variable("lesson_check_only")))
        number = len(evidence.data["claims"])
        result = {"passed": evidence.data["passed"], "claims": number, "file": str(evidence.path)}
        if evidence.data["passed"]:
            return result
        lines = [f"lesson {self.lesson}: {len(failed)} of {number} claims did not hold"]
        for claim in failed:
            if claim["seen"] != NOT_REACHED:
                lines.append(f"{claim['name']}: {text.claims.get(claim['name'], '')}")
                lines += [f"  {key}: {claim[key]}" for key in ("expected", "seen") if claim[key]]
        if error := evidence.data["error"]:
            lines.append(f"cut short by {error['task']}: {error['reason']}")
        if missing := [claim["name"] for claim in failed if claim["seen"] == NOT_REACHED]:
            lines.append(f"{NOT_REACHED}: {', '.join(missing)}")
        return {**result, "failed": True, "msg": "\n".join(lines)}
