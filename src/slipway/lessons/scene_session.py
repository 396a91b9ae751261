"""Set the scene of a lesson with its playbook, and show the first task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slipway.commands.playbook_options import ansible_arguments
from slipway.lab.choice import LabChoice
from slipway.lessons.desk import Desk
from slipway.lessons.own_lessons import scene_variables
from slipway.lessons.practice_state import open_practice
from slipway.run.failure_report import print_failures
from slipway.run.outcome import Options
from slipway.run.session import Session

PLAYBOOK = "lessons/practice/start"
STUDENT_PLAYBOOK = "lessons/class/start"


def set_scene(choice: LabChoice, lesson: str, given: Mapping[str, Any], **variables: Any) -> int:
    """Set the scene of a lesson, and show its current task; return the exit code.

    Args:
        choice: The lab.
        lesson: Name of a lesson, path of its directory, or address of its Git repository.
        given: The options of the command by name.
        **variables: Variables of the playbook.

    Raises:
        UsageError: No lesson has the name.
        NoLabError: The lab is not up.
    """
    project = choice.project()
    found = scene_variables(project, lesson)
    if not project.kubeconfig.exists():
        raise choice.no_lab()
    known = {"lesson_lang": given["lang"], **found, **variables}
    arguments = ["-e", json.dumps(known)]
    arguments += ansible_arguments(choice.resolved().extra_vars, {"verbose": given["verbose"]})
    options = Options(
        arguments=arguments,
        as_json=given["as_json"],
        raw=bool(given["verbose"]),
        quiet=given["quiet"],
        lines=choice.lines,
    )
    session = Session(project, "lesson start", options)
    playbook = STUDENT_PLAYBOOK if project.student.exists() else PLAYBOOK
    result = session.run([playbook], preflight=False)
    if result.code:
        session.console.quiet = False
        print_failures(project, f"lesson start {lesson}", options, result, session.console)
        return result.code
    practice = open_practice(project, choice.lines, given["lang"])
    desk = Desk(practice, choice.lines, given["lang"], given["as_json"])
    if not given["as_json"] and not variables.get("practice_task"):
        desk.view.show_scene(practice)
    desk.show_task()
    return result.code
