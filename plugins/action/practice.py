"""Action plugin of the module practice, which documents it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_action import LessonAction
from ansible_collections.slipway.lab.plugins.plugin_utils.practice import stage
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import (
    PracticeError,
    Scene,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from ansible_collections.slipway.lab.plugins.plugin_utils.remote import on_host

# The variables of a host's connection that `on_host` reads.
CONNECTION = (
    "inventory_hostname", "ansible_host", "ansible_port", "ansible_user", "ansible_connection",
    "ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_ssh_private_key_file",
)  # fmt: skip


class ActionModule(LessonAction):
    """Act for a student who practises a lesson."""

    OPTIONS = {
        "action": True,
        "task": False,
        "prediction": False,
        "values": False,
        "environment": False,
        "offers": False,
        "restart": False,
        "class_name": False,
    }

    def act(self, given: dict[str, Any]) -> dict[str, Any]:
        """Do what the student asks for."""
        actions: dict[str, Callable[[Practice, dict[str, Any]], dict[str, Any]]] = {
            "start": self._start,
            "check": lambda practice, _: self._checked(practice, practice.check()),
            "predict": self._predict,
            "hint": lambda practice, _: {"hints": practice.hint()},
            "solve": lambda practice, _: self._checked(practice, practice.solve()),
            "reset": self._reset,
            "next": lambda practice, _: {"more": stage.next_task(practice), "changed": True},
            "end": self._end,
        }
        try:
            if given["action"] not in actions:
                raise PracticeError(f"action: one of {', '.join(actions)}")
            if given["action"] == "start":
                self._set_scene(given)
            practice = Practice(self._state(), str(self.variable("lesson_lang")))
            result = actions[given["action"]](practice, given)
        except PracticeError as problem:
            return {
                "failed": True,
                "msg": "; ".join(filter(None, (str(problem), problem.next_step))),
            }
        return {"task": practice.current, "_ansible_verbose_always": True, **result}

    def _state(self) -> Path:
        return Path(str(self.variable("practice_dir")))

    def _set_scene(self, given: dict[str, Any]) -> None:
        class_name = str(given.get("class_name") or "")
        Scene(
            lesson=str(self.variable("lesson_name")),
            namespace=str(self.variable("practice_namespace")),
            folder=str(self.variable("practice_folder")),
            environment={k: str(v) for k, v in dict(given["environment"]).items()},
            values=dict(given["values"]),
            host=() if class_name else self._host(),
            class_name=class_name,
            offers=() if class_name else tuple(given.get("offers") or ()),
        ).save(self._state())

    def _host(self) -> tuple[str, ...]:
        name = str(self.variable("practice_host"))
        if not name:
            return ()
        host = self.vars["hostvars"][name]
        connection = {name: host[name] for name in CONNECTION if name in host}
        local = connection.get("ansible_connection") == "local"
        return ("sh", "-c") if local else tuple(on_host(connection, "true")[:-1])

    def _start(self, practice: Practice, given: dict[str, Any]) -> dict[str, Any]:
        task = str(given.get("task") or "")
        if task:
            stage.begin_task(practice, task)
        elif given.get("restart") or not practice.record.current:
            stage.restart_lesson(practice)
        return {"changed": True}

    def _reset(self, practice: Practice, given: dict[str, Any]) -> dict[str, Any]:
        stage.reset_task(practice)
        return {"changed": True}

    def _end(self, practice: Practice, given: dict[str, Any]) -> dict[str, Any]:
        stage.end_practice(practice)
        return {"changed": True}

    def _predict(self, practice: Practice, given: dict[str, Any]) -> dict[str, Any]:
        practice.predict(str(given.get("prediction") or ""))
        return {}

    def _checked(self, practice: Practice, results: list[Any]) -> dict[str, Any]:
        words = practice.words().checks
        checks = [one.as_dict(words) for one in results]
        if all(one["passed"] for one in checks):
            return {"checks": checks}
        failed = [f"{one['expected']} Seen: {one['seen']}" for one in checks if not one["passed"]]
        return {"checks": checks, "failed": True, "msg": "\n".join(failed)}
