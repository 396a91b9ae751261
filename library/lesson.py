# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the action plugin lesson, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lesson
short_description: Begin and end the record of a lesson
version_added: 0.1.0
description:
  - Used only by C(playbooks/lessons/tasks), around the steps of each lesson.
  - V(begun) starts a new evidence file. V(failed) records in a C(rescue) which task failed. V(ended) closes the
    evidence file.
  - V(ended) fails if a claim does not hold, if a claim of the lesson's text was not reached, or if a task failed. The
    message lists each of them with the observed value.
options:
  state:
    description: Action.
    type: str
    choices: [begun, failed, ended]
    required: true
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.lesson_step
  - module: slipway.lab.claim
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Fail if a claim does not hold
  slipway.lab.lesson:
    state: ended
"""

RETURN = r"""
passed:
  description: Whether all claims hold.
  returned: with O(state=ended)
  type: bool
claims:
  description: Number of claims.
  returned: with O(state=ended)
  type: int
file:
  description: Path of the evidence file.
  returned: with O(state=ended)
  type: str
"""
