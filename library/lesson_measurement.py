# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the action plugin lesson_measurement, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lesson_measurement
short_description: Record a measurement of a lesson for the plots of its report
version_added: 0.1.0
description:
  - Writes a measurement into the evidence of the lesson.
options:
  name:
    description: Id of the plot. The text of the lesson explains it.
    type: str
    required: true
  kind:
    description:
      - Kind of the plot.
      - V(line) and V(steps) are series of points over time. V(steps) keeps each value until the next.
      - V(bars) has a number for each name. V(distribution) has many values for each name. V(text) is printed unchanged.
    type: str
    choices: [line, steps, bars, distribution, text]
    required: true
  data:
    description:
      - For V(line) and V(steps) a list of C([x, y]) by name of the series. For V(bars) a number by name. For
        V(distribution) a list of numbers by name. For V(text) a string.
    type: raw
    required: true
  unit:
    description: Unit of the values.
    type: str
    default: ""
  x_unit:
    description: Unit of x.
    type: str
    default: ""
  marks:
    description: Moments to mark in V(line) and V(steps), each C([x, text]).
    type: list
    elements: list
    default: []
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.claim
  - module: slipway.lab.lesson
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Record the latency over time
  slipway.lab.lesson_measurement:
    name: latency
    kind: line
    unit: ms
    x_unit: s
    data:
      p50: "{{ load.series | map(attribute='second') | zip(load.series | map(attribute='p50')) }}"
    marks:
      - [12.5, node drained]
"""

RETURN = r"""
evidence:
  description: Id of the plot.
  returned: success
  type: str
"""
