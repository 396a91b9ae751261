# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the action plugin pod_watch, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: pod_watch
short_description: Watch the pods of a lesson while other tasks run
version_added: 0.1.0
description:
  - Records what happens to the pods of the lesson's namespace, to their addresses in EndpointSlices and to all nodes,
    from V(started) to V(stopped). Each event has the time at which the watch received it.
options:
  state:
    description: V(started) starts the watch and returns immediately. V(stopped) stops the watch and returns the events.
    type: str
    choices: [started, stopped]
    required: true
  since:
    description: Moment at which times start, in seconds since the epoch. By default the first event.
    type: float
  wanted:
    description: Number of pods that must be ready, for RV(recovery).
    type: int
    default: 1
  moments:
    description: Moments in seconds since the epoch, for RV(recovery).
    type: list
    elements: float
    default: []
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: none
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.workload_disturb
  - module: slipway.lab.lesson_measurement
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Start to watch the pods
  slipway.lab.pod_watch: {state: started}

- name: Read the time until two pods were ready again after each disturbance
  slipway.lab.pod_watch:
    state: stopped
    since: "{{ load.began }}"
    wanted: 2
    moments: "{{ disturbed.disturbances | map(attribute='at') }}"
  register: seen
"""

RETURN = r"""
began:
  description: Moment at which times start.
  returned: success
  type: float
ready:
  description: Number of ready pods over time, as steps C([seconds, number]).
  returned: with O(state=stopped)
  type: list
  elements: list
serving:
  description: Number of pods in EndpointSlices over time, as steps C([seconds, number]).
  returned: with O(state=stopped)
  type: list
  elements: list
nodes:
  description: Whether each node is ready (1) or not (0) over time, as steps C([seconds, number]).
  returned: with O(state=stopped)
  type: dict
least:
  description: Smallest number of ready pods.
  returned: with O(state=stopped)
  type: int
pods:
  description:
    - Each pod with C(name) and C(node), and the moments C(created), C(bound), C(pulled), C(started), C(ready),
      C(served) (its address is in an EndpointSlice, so it receives requests), C(ended) (its deletion was requested),
      C(unserved) and C(gone). A moment before the watch is null. C(restarts) is the number of restarts, C(restarted)
      their moments.
  returned: with O(state=stopped)
  type: list
  elements: dict
moments:
  description: The moments in O(moments), counted like all other times.
  returned: with O(state=stopped)
  type: list
  elements: float
recovery:
  description: Seconds from each of O(moments) until O(wanted) pods were ready again. Null if that did not happen.
  returned: with O(state=stopped)
  type: list
  elements: float
recovery_p50:
  description: Median of RV(recovery). Null if half of the recoveries did not happen.
  returned: with O(state=stopped)
  type: float
recovery_p95:
  description: 95th percentile of RV(recovery), with the same rule.
  returned: with O(state=stopped)
  type: float
seconds:
  description: Duration of the watch.
  returned: with O(state=stopped)
  type: float
"""
