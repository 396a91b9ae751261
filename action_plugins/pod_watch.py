"""Action plugin of the module pod_watch, which documents it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1] / "src"))

from slipway.lessons import watcher  # noqa: E402 - the path must be set before
from slipway.lessons.action import LessonAction, background  # noqa: E402
from slipway.lessons.pod_report import quantiles, recoveries, report  # noqa: E402

FIRST_LIST = 20.0


class ActionModule(LessonAction):
    """Watch the pods of the lesson beside its tasks, and tell what was seen."""

    OPTIONS = {"state": True, "since": False, "wanted": False, "moments": False}
    NAME = "pods"

    def act(self, given: dict[str, Any]) -> dict[str, Any]:
        """Start, or stop and report."""
        directory = Path(self.variable("lesson_work_dir"))
        target = directory / f"{self.NAME}.jsonl"
        if given["state"] == "started":
            return self._start(directory, target)
        background.stop(directory, self.NAME)
        lines = target.read_text(encoding="utf-8").splitlines()
        since = given.get("since")
        seen = report(map(json.loads, lines), None if since is None else float(since))
        moments = [round(float(at) - seen["began"], 3) for at in given.get("moments") or []]
        times = recoveries(seen["ready"], int(given.get("wanted") or 1), moments)
        return {**seen, "moments": moments, "recovery": times, **quantiles(times)}

    def _start(self, directory: Path, target: Path) -> dict[str, Any]:
        target.unlink(missing_ok=True)
        command = [sys.executable, watcher.__file__, str(self.variable("slipway_kubeconfig"))]
        command += [str(self.variable("lesson_namespace")), str(target)]
        background.start(directory, self.NAME, command)
        limit = time.monotonic() + FIRST_LIST
        while not target.exists():  # opened when the watch is about to begin
            if time.monotonic() > limit:
                said = (directory / f"{self.NAME}.log").read_text().strip()
                return {"failed": True, "msg": f"the watch did not begin: {said}"}
            time.sleep(0.05)
        return {"began": time.time()}
