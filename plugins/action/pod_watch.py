"""Action plugin of the module pod_watch, which documents it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common import background_process
from ansible_collections.slipway.lab.plugins.module_utils.measure import pod_recorder
from ansible_collections.slipway.lab.plugins.module_utils.measure.pod_timeline import (
    quantiles,
    recoveries,
    report,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_action import LessonAction

FIRST_LIST = 20.0
# The recorder is a program of its own: Python finds what it imports from here.
COLLECTIONS = Path(pod_recorder.__file__).parents[6]


class ActionModule(LessonAction):
    """Watch the pods of the lesson while its tasks run, and return the events."""

    OPTIONS = {"state": True, "since": False, "wanted": False, "moments": False}
    NAME = "pods"

    def act(self, given: dict[str, Any]) -> dict[str, Any]:
        """Start, or stop and report."""
        directory = Path(self.variable("lesson_work_dir"))
        target = directory / f"{self.NAME}.jsonl"
        if given["state"] == "started":
            return self._start(directory, target)
        background_process.stop(directory, self.NAME)
        lines = target.read_text(encoding="utf-8").splitlines()
        since = given.get("since")
        seen = report(map(json.loads, lines), None if since is None else float(since))
        moments = [round(float(at) - seen["began"], 3) for at in given.get("moments") or []]
        times = recoveries(seen["ready"], int(given.get("wanted") or 1), moments)
        return {**seen, "moments": moments, "recovery": times, **quantiles(times)}

    def _start(self, directory: Path, target: Path) -> dict[str, Any]:
        target.unlink(missing_ok=True)
        command = ["env", f"PYTHONPATH={COLLECTIONS}", sys.executable, "-m", pod_recorder.__name__]
        command += [
            str(self.variable("slipway_kubeconfig")),
            str(self.variable("lesson_namespace")),
            str(target),
        ]
        background_process.start(directory, self.NAME, command)
        limit = time.monotonic() + FIRST_LIST
        while not target.exists():  # opened when the watch is about to begin
            if time.monotonic() > limit:
                said = (directory / f"{self.NAME}.log").read_text().strip()
                return {"failed": True, "msg": f"the watch did not start: {said}"}
            time.sleep(0.05)
        return {"began": time.time()}
