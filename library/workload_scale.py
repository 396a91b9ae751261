#!/usr/bin/python
"""Ansible module: set the number of pods of workloads and wait for it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_scale
short_description: Scale workloads on Kubernetes and wait for the pods
description:
  - Sets the number of pods of one or many workloads, absolute or relative, and waits by watch.
  - Refuses when an autoscaler owns the number, unless told otherwise or the number is 0.
  - Can declare the autoscaler instead.
options:
  workloads:
    description: Workloads. For a single one its options may stand in the task itself.
    type: list
    elements: dict
    suboptions: &workload
      name:
        description: Name.
        type: str
      kind:
        description: Kind. V(Deployment) when left out; with O(selector) also StatefulSets are found
          then.
        type: str
        choices: [Deployment, StatefulSet, ReplicaSet]
      namespace:
        description: Namespace, or in the task itself of all that name none. V(default) when left
          out.
        type: str
      replicas:
        description: Number of pods, or a relative number as a text, V('+2') or V('-1').
        type: raw
      current_replicas:
        description: Number that the workload must have now. With another it is a failure and
          nothing changes.
        type: int
  <<: *workload
  selector:
    description: Scale all workloads in the namespace that this label selector finds.
    type: str
  allow_autoscaled:
    description: Scale although an autoscaler owns the number.
    type: bool
    default: false
  autoscale:
    description: Declare a HorizontalPodAutoscaler for each workload instead of a number.
    type: dict
    suboptions:
      min:
        description: Least number of pods.
        type: int
        default: 1
      max:
        description: Greatest number of pods.
        type: int
        required: true
      cpu:
        description: Target use of requested CPU in percent.
        type: int
      memory:
        description: Target use of requested memory in percent.
        type: int
      behavior:
        description: Scaling behaviour as in the API.
        type: dict
  wait:
    description: Wait until all pods are available, and no more than wanted are left.
    type: bool
    default: true
  wait_timeout:
    description: Seconds for the whole task.
    type: int
    default: 120
  fail_after:
    description: How long a cause may last before the task fails, as in M(workload).
    type: dict
    suboptions:
      pull:
        description: Seconds for a registry that fails in passing.
        type: int
        default: 60
      config:
        description: Seconds for a missing ConfigMap, Secret or key, or a command that can not be
          started.
        type: int
        default: 5
      schedule:
        description: Seconds for pods that fit on no node.
        type: int
        default: 15
      volume:
        description: Seconds for a volume that can not be made or mounted.
        type: int
        default: 30
      create:
        description: Seconds for pods that quota or admission refuse.
        type: int
        default: 10
      probe:
        description: Seconds for a failing probe. 0 is until O(wait_timeout).
        type: int
        default: 0
      crashes:
        description: Number of times that a process may end.
        type: int
        default: 2
  progress_file:
    description: File that gets progress as JSON lines. Empty turns it off.
    type: str
    default: ""
extends_documentation_fragment: [slipway.lab.kube_auth]
attributes:
  check_mode:
    support: full
    description: Says what the numbers would be.
  diff_mode:
    support: full
    description: Shows the numbers before and after.
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Four pods
  workload_scale:
    name: hello-node
    replicas: 4

- name: One pod more of each, provided that there are two
  workload_scale:
    namespace: shop
    replicas: "+1"
    workloads:
      - {name: web, current_replicas: 2}
      - {name: queue, kind: StatefulSet, current_replicas: 2}

- name: Everything of a team to sleep
  workload_scale:
    namespace: shop
    selector: team=a
    replicas: 0

- name: Let the load decide
  workload_scale:
    name: hello-node
    autoscale: {min: 1, max: 5, cpu: 50}
"""

RETURN = r"""
workloads:
  description:
    - Each workload with C(kind), C(namespace), C(name), the numbers C(before) and C(after), and
      after waiting
      C(seconds) and C(state).
  returned: always
  type: list
  elements: dict
autoscalers:
  description: What happened to each HorizontalPodAutoscaler.
  returned: with O(autoscale)
  type: list
failures:
  description: Why pods do not get available, as in M(workload).
  returned: on failure of a wait
  type: list
seconds:
  description: Duration.
  returned: success
  type: float
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import SCALABLE_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FAIL_AFTER
from ansible_collections.slipway.lab.plugins.module_utils.workload.arguments import APP_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.scale import (
    scale_workloads,
)

WORKLOAD = {
    "name": {"type": "str"},
    "kind": {"type": "str", "choices": list(SCALABLE_KINDS)},
    "namespace": {"type": "str"},
    "replicas": {"type": "raw"},
    "current_replicas": {"type": "int"},
}
OPTIONS = {
    **WORKLOAD,
    "workloads": {"type": "list", "elements": "dict", "options": WORKLOAD},
    "selector": {"type": "str"},
    "allow_autoscaled": {"type": "bool", "default": False},
    "autoscale": APP_OPTIONS["autoscale"],
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 120},
    "fail_after": {
        "type": "dict",
        "options": {name: {"type": "int", "default": value} for name, value in FAIL_AFTER.items()},
    },
    "progress_file": {"type": "str", "default": ""},
}


def main() -> None:
    """Scale workloads and wait for their pods."""
    module = kube_module(
        OPTIONS,
        mutually_exclusive=[("name", "workloads", "selector"), ("replicas", "autoscale")],
        required_one_of=[("name", "workloads", "selector")],
    )
    run_module(module, scale_workloads)


if __name__ == "__main__":
    main()
