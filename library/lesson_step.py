# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the action plugin lesson_step, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lesson_step
short_description: Begin a step of a lesson
version_added: 0.1.0
description:
  - Records the step. The claims and measurements after it belong to the step.
  - With C(lesson_explain), the task prints the text and the commands of the step, and waits for a key. Without a
    terminal, it does not wait.
options:
  id:
    description: Id of the step. The text of the lesson contains its title and its explanation.
    type: str
    required: true
  commands:
    description: Equivalent commands for a terminal.
    type: list
    elements: str
    default: []
  skip:
    description: Reason why the lab cannot run the step. Its commands are not recorded then. Empty runs it.
    type: str
    default: ""
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.lesson
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Scale the app
  slipway.lab.lesson_step:
    id: scale
    commands:
      - kubectl scale deployments/kubernetes-bootcamp --replicas=4

- name: Write into a container
  slipway.lab.lesson_step:
    id: container
    skip: "{{ lesson_no_docker }}"
    commands:
      - docker exec notes sh -c 'echo kept >/note'
"""

RETURN = r"""
step:
  description: Title of the step.
  returned: success
  type: str
"""
