"""Shared code of the action plugins of lessons: lazy arguments, the lesson's text, its evidence file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.slipway.lab.plugins.module_utils.common import background_process
from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import Evidence
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LessonText, read_text


class LessonAction(ActionBase):
    """An action plugin that runs in the controller and writes to the evidence file.

    Its arguments are templated when they are used, not before: what cannot be said because an
    earlier step went wrong is part of the evidence, and no reason to end the lesson.
    """

    _requires_connection = False
    OPTIONS: dict[str, bool] = {}  # name of each option, and whether it is required
    LAZY: tuple[str, ...] = ()

    @classmethod
    def finalize_task_arg(cls, name: str, value: Any, templar: Any, context: Any) -> Any:
        """Keep the lazy arguments as they are written."""
        if name in cls.LAZY:
            return value
        return super().finalize_task_arg(name, value, templar, context)

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Check the arguments and act."""
        result = super().run(tmp, task_vars)
        self.vars = task_vars or {}
        given = self._task.args
        wrong = [name for name in given if name not in self.OPTIONS]
        missing = [name for name, needed in self.OPTIONS.items() if needed and name not in given]
        if wrong or missing:
            problems = [f"unknown: {', '.join(wrong)}"] if wrong else []
            problems += [f"missing: {', '.join(missing)}"] if missing else []
            return {**result, "failed": True, "msg": f"{self._task.action}: {'; '.join(problems)}"}
        result.update(changed=False)
        result.update(self.act(dict(given)))
        return result

    def act(self, given: dict[str, Any]) -> dict[str, Any]:
        """Do the work; return what the task returns."""
        raise NotImplementedError

    def variable(self, name: str) -> Any:
        """Return a variable of the play, templated."""
        return self._templar.template(self.vars[name])

    @property
    def lesson(self) -> str:
        """Name of the lesson."""
        return str(self.variable("lesson_name"))

    @property
    def evidence(self) -> Evidence:
        """Return the evidence of this run so far."""
        return Evidence.load(Path(self.variable("lesson_evidence_file")))

    @property
    def text(self) -> LessonText:
        """Return the text of the lesson in the chosen language."""
        lessons = Path(self.variable("playbook_dir")).parent
        return read_text(lessons, self.lesson, str(self.variable("lesson_lang")))

    def tell(self, message: str, step: int | None = None, total: int | None = None) -> None:
        """Append a line to the progress file that the slipway command follows, if there is one."""
        Progress(str(self.variable("slipway_progress_file")), self.lesson)(message, step, total)

    def stop_background(self) -> list[str]:
        """End what still runs beside the lesson; return the names."""
        return background_process.stop_all(Path(self.variable("lesson_work_dir")))
