"""Documentation of the action plugin lesson_step, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lesson_step
short_description: Begin a step of a lesson
description:
  - Records the step. Claims and measurements that follow belong to it.
  - With C(lesson_explain) it shows the step's text and commands, and waits for a key. Without a terminal it goes on.
options:
  id:
    description: Id of the step. The lesson's text has its title and what is done.
    type: str
    required: true
  commands:
    description: The commands that do by hand what the step does.
    type: list
    elements: str
    default: []
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Scale the app
  lesson_step:
    id: scale
    commands:
      - kubectl scale deployments/kubernetes-bootcamp --replicas=4
"""

RETURN = r"""
step:
  description: Title of the step.
  returned: success
  type: str
"""
