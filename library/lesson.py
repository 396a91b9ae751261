"""Documentation of the action plugin lesson, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lesson
short_description: Begin and end the record of a lesson
description:
  - Used by C(playbooks/lessons/tasks) only, around the steps of each lesson.
  - V(begun) starts the evidence anew, V(failed) notes in a C(rescue) what cut the lesson short, V(ended) closes it.
  - V(ended) fails when a claim did not hold, when one that the lesson's text makes was not reached, or when the
    lesson was cut short. It names each, and what was seen.
options:
  state:
    description: What to do.
    type: str
    choices: [begun, failed, ended]
    required: true
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Verdict
  lesson:
    state: ended
"""

RETURN = r"""
passed:
  description: Whether all claims hold.
  returned: with V(ended)
  type: bool
claims:
  description: Number of claims.
  returned: with V(ended)
  type: int
file:
  description: Path of the evidence.
  returned: with V(ended)
  type: str
"""
