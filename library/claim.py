# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the action plugin claim, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: claim
short_description: Record whether a claim of a lesson holds
version_added: 0.1.0
description:
  - Evaluates conditions, and writes the result, the measured figure and the observed value into the evidence of the
    lesson.
  - A claim that does not hold does not fail the task. The lesson continues, and M(slipway.lab.lesson) lists the claim
    at its end.
  - An expression that cannot be evaluated, because an earlier step has no result, is a claim that does not hold.
options:
  name:
    description: Id of the claim. The text of the lesson explains it.
    type: str
    required: true
  that:
    description: Condition, or list of conditions that must all hold, as in C(when).
    type: raw
    required: true
  figure:
    description: Measured number.
    type: float
  unit:
    description: Unit of O(figure).
    type: str
  expected:
    description: Expected value, for readers of the report. By default the conditions in O(that).
    type: str
  seen:
    description: Observed value, for readers of the report.
    type: str
  skip:
    description: Reason why the claim cannot be checked on this lab. A claim with a reason is reported as skipped; it
      neither holds nor fails. By default, the claim is checked.
    type: str
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.lesson
  - module: slipway.lab.lesson_measurement
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Check that all requests were answered
  slipway.lab.claim:
    name: load-spread
    that: load.failed_requests == 0
    figure: "{{ load.latency.p95 }}"
    unit: ms
    expected: no failed request
    seen: "{{ load.failed_requests }} of {{ load.requests }} requests failed"

- name: Check the use of memory, which needs metrics-server
  slipway.lab.claim:
    name: memory-limited
    that: use.memory_bytes < 64 * 1024 * 1024
    skip: "{{ '' if 'monitoring' in slipway_services else 'the lab has no metrics-server' }}"
"""

RETURN = r"""
claim:
  description: The recorded claim, with C(name), C(passed), C(figure), C(unit), C(expected), C(seen), C(step), C(at).
  returned: always
  type: dict
  sample: {name: load-spread, passed: true, figure: 12.5, unit: ms}
"""
