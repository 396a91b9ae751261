"""Documentation of the action plugin pod_watch, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: pod_watch
short_description: Watch the pods of a lesson beside its tasks
description:
  - Writes down, by watch and with the time of each, what happens to the pods of the lesson's namespace, to their
    addresses in EndpointSlices, and to all nodes, between V(started) and V(stopped).
options:
  state:
    description: V(started) returns at once, V(stopped) ends the watch and tells what was seen.
    type: str
    choices: [started, stopped]
    required: true
  since:
    description: Moment that times are counted from, in seconds of the epoch. The first thing seen when left out.
    type: float
  wanted:
    description: How many pods are to be ready, for RV(recovery).
    type: int
    default: 1
  moments:
    description: Moments in seconds of the epoch, for RV(recovery).
    type: list
    elements: float
    default: []
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Watch from now on
  pod_watch: {state: started}

- name: See what happened
  pod_watch: {state: stopped, since: "{{ load.began }}"}
  register: seen
"""

RETURN = r"""
began:
  description: Moment that times are counted from.
  returned: success
  type: float
ready:
  description: Number of ready pods over time, as steps C([seconds, number]).
  returned: with V(stopped)
  type: list
serving:
  description: Number of pods in EndpointSlices over time, as steps C([seconds, number]).
  returned: with V(stopped)
  type: list
nodes:
  description: For each node whether it is ready (1) or not (0) over time, as steps C([seconds, number]).
  returned: with V(stopped)
  type: dict
least:
  description: Smallest number of ready pods.
  returned: with V(stopped)
  type: int
pods:
  description:
    - Each pod with C(name), C(node), and the moments C(created), C(bound), C(pulled), C(started), C(ready), C(served)
      (in an EndpointSlice, so it gets requests), C(ended) (told to end), C(unserved), C(gone); null for
      what was not seen, as with pods that were there before. C(restarts) is their number, C(restarted) their moments.
  returned: with V(stopped)
  type: list
moments:
  description: Those of O(moments), counted as all other times.
  returned: with V(stopped)
  type: list
recovery:
  description: Seconds from each of O(moments) until O(wanted) pods were ready again, null for never.
  returned: with V(stopped)
  type: list
recovery_p50:
  description: Half of them were that quick. Null when that many never recovered. RV(recovery_p95) likewise.
  returned: with V(stopped)
  type: float
recovery_p95:
  description: As RV(recovery_p50), for 95 of 100.
  returned: with V(stopped)
  type: float
seconds:
  description: How long was watched.
  returned: with V(stopped)
  type: float
"""
