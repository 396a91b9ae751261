"""Documentation of the action plugin claim, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: claim
short_description: Record whether a claim of a lesson holds
description:
  - Evaluates conditions and writes the outcome into the evidence of the lesson, with what was measured and seen.
  - A claim that does not hold is no failure of the task. The lesson goes on, and M(lesson) names it at the end.
  - An expression that cannot be evaluated, because an earlier step left nothing, is a claim that does not hold.
options:
  name:
    description: Id of the claim. The lesson's text says what it means.
    type: str
    required: true
  that:
    description: Condition, or list of conditions that must all hold, as in C(when).
    type: raw
    required: true
  figure:
    description: What was measured, a number.
    type: float
  unit:
    description: Unit of the figure.
    type: str
  expected:
    description: What had to be, for people. The conditions when left out.
    type: str
  seen:
    description: What was seen.
    type: str
  skip:
    description: Why the claim cannot be checked here, empty when it can. It is told as skipped, and neither holds
      nor fails.
    type: str
author:
  - Slipway
"""

EXAMPLES = r"""
- name: All pods answer
  claim:
    name: load-spread
    that: load.failed_requests == 0
    figure: "{{ load.latency.p95 }}"
    unit: ms
    expected: no failed request
    seen: "{{ load.failed_requests }} of {{ load.requests }} failed"
"""

RETURN = r"""
claim:
  description: What was recorded, with C(name), C(passed), C(figure), C(unit), C(expected), C(seen), C(step), C(at).
  returned: always
  type: dict
"""
