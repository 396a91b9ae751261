"""Run lessons with a pause before each step."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from slipway.exit_codes import ExitCode
from slipway.lab.lock import LabLock
from slipway.lab.project import Project
from slipway.lessons.catalogue import Lesson
from slipway.run.outcome import Options
from slipway.run.playbook_runner import environment, playbook_command


def explain_lessons(project: Project, options: Options, lessons: Sequence[Lesson]) -> int:
    """Run lessons with Ansible on this terminal, because the user is asked before each step.

    Raises:
        LabBusyError: Another run holds the lab.
    """
    code = ExitCode.OK
    with LabLock(project.state, project.lab, "slipway lesson") as lock:
        variables = {**os.environ, **environment(project, lock.run)}
        variables |= {"ANSIBLE_DISPLAY_OK_HOSTS": "0", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "0"}
        for lesson in lessons:
            command = playbook_command(project, lesson.playbook, options.arguments)
            done = subprocess.run(command, cwd=project.root, env=variables, check=False)
            code = code if done.returncode == 0 else ExitCode.FAILED
    return code
