"""Documentation of the action plugin lesson_measurement, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lesson_measurement
short_description: Record what was measured in a lesson, for the plots of its report
description:
  - Writes a measurement into the evidence of the lesson.
options:
  name:
    description: Id of the plot. The lesson's text says what it shows.
    type: str
    required: true
  kind:
    description:
      - What it is. V(line) and V(steps) are series of points over time, V(steps) keeps each value until the next.
      - V(bars) are numbers by name, V(distribution) are many values by name, V(text) is shown as it is.
    type: str
    choices: [line, steps, bars, distribution, text]
    required: true
  data:
    description:
      - For V(line) and V(steps) a list of C([x, y]) by name of the series, for V(bars) a number by name, for
        V(distribution) a list of numbers by name, for V(text) a text.
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
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Latency over time
  lesson_measurement:
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
