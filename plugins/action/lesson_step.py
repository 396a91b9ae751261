"""Action plugin of the module lesson_step, which documents it."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsiblePromptInterrupt, AnsiblePromptNoninteractive
from ansible.utils.display import Display

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_action import LessonAction

GO_ON = {
    "en": "Press Enter to continue, Ctrl-C to stop",
    "ko": "Enter를 누르면 계속하고, Ctrl-C를 누르면 종료합니다",
}


class ActionModule(LessonAction):
    """Begin a step: record it, and with lesson_explain stop before it."""

    OPTIONS = {"id": True, "commands": False, "skip": False}

    def act(self, given: dict[str, Any]) -> dict[str, Any]:
        """Record the step and print its title; with ``lesson_explain``, also its text."""
        reason = given.get("skip")
        commands = [] if reason else [str(command) for command in given.get("commands") or []]
        self.evidence.add("steps", id=str(given["id"]), commands=commands)
        step = self.text.step(str(given["id"]))
        self.tell(f"{step.title} ({reason})" if reason else step.title)
        if self.variable("lesson_explain"):
            return self._explain(step.title, step.text, commands)
        return {"step": step.title}

    def _explain(self, title: str, text: str, commands: list[str]) -> dict[str, Any]:
        lines = ["", f"== {title}", *([text] if text else []), *(f"  $ {one}" for one in commands)]
        Display().display("\n".join(lines))
        words = GO_ON[str(self.variable("lesson_lang"))]
        try:
            Display().prompt_until(f"[{words}] ", private=False)
        except AnsiblePromptNoninteractive:
            pass  # without a terminal there is no reader to wait for
        except AnsiblePromptInterrupt:
            return {"failed": True, "msg": f"ended by the user before {title}"}
        return {"step": title}
