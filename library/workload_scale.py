#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: scale workloads and wait for the pods."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_scale
short_description: Scale workloads on Kubernetes and wait for the pods
version_added: 0.1.0
description:
  - Sets the number of pods of one or many workloads, absolute or relative, and watches them until it is reached.
  - Fails if an autoscaler owns the number, unless O(allow_autoscaled) is true, the number is 0, or the workload has no
    pods and gets a number within the bounds of the autoscaler, which does nothing until then.
  - Can declare the autoscaler instead.
options:
  workloads:
    description: Workloads. The options of a single workload can be options of the task.
    type: list
    elements: dict
    suboptions: &workload
      name:
        description: Name.
        type: str
      kind:
        description:
          - Kind, by default V(Deployment). With O(selector), the default is Deployments and StatefulSets.
          - Any kind that the API server can scale, also of a custom resource. For a Job, the number is its parallelism.
        type: str
      api_version:
        description: API version of the kind. Needed for custom resources.
        type: str
      namespace:
        description: Namespace. The default is the namespace of the task, and V(default) without one.
        type: str
      replicas:
        description: Number of pods, or a relative number as a string, such as V('+2') or V('-1').
        type: raw
      current_replicas:
        description: Number that the workload must have before the change. Otherwise the task fails and changes nothing.
        type: int
  <<: *workload
  selector:
    description: Label selector. Scales all workloads of the namespace that it matches.
    type: str
  allow_autoscaled:
    description: Scale although an autoscaler owns the number.
    type: bool
    default: false
  remove_data:
    description: Remove pods of a StatefulSet whose retention policy deletes their claims (C(whenScaled=Delete)).
      Otherwise the task fails.
    type: bool
    default: false
  autoscale:
    description: Declare a HorizontalPodAutoscaler for each workload instead of a number.
    type: dict
    suboptions:
      min:
        description: Smallest number of pods.
        type: int
        default: 1
      max:
        description: Largest number of pods.
        type: int
        required: true
      cpu:
        description: Target use of the requested CPU in percent.
        type: int
      memory:
        description: Target use of the requested memory in percent.
        type: int
      behavior:
        description: Scaling behavior as in the API.
        type: dict
  wait:
    description:
      - Wait until all pods are available and the surplus pods are gone. For custom resources, until their status has
        the number; for a Job, until so many of its pods are active.
    type: bool
    default: true
  wait_timeout:
    description: Seconds for the whole task.
    type: int
    default: 120
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
  - slipway.lab.fail_after
  - slipway.lab.progress
attributes:
  check_mode:
    support: full
    details: Reports the numbers after the change.
  diff_mode:
    support: full
    details: Shows the numbers before and after.
seealso:
  - module: slipway.lab.workload
  - module: kubernetes.core.k8s_scale
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Scale to four pods
  slipway.lab.workload_scale:
    name: hello-node
    replicas: 4

- name: Add a pod to each of two workloads, if they have two pods
  slipway.lab.workload_scale:
    namespace: shop
    replicas: "+1"
    workloads:
      - {name: web, current_replicas: 2}
      - {name: queue, kind: StatefulSet, current_replicas: 2}
    wait_timeout: 300
    fail_after: {schedule: 60}
    progress_file: /tmp/scale.jsonl

- name: Scale a custom resource
  slipway.lab.workload_scale:
    api_version: example.com/v1
    kind: Queue
    name: orders
    replicas: 3

- name: Work on a Job with eight pods
  slipway.lab.workload_scale: {namespace: shop, kind: Job, name: import, replicas: 8}

- name: Stop all workloads of a team, and do not wait
  slipway.lab.workload_scale:
    namespace: shop
    selector: team=a
    replicas: 0
    wait: false

- name: Declare an autoscaler
  slipway.lab.workload_scale:
    name: hello-node
    autoscale: {min: 1, max: 5, cpu: 50}

- name: Scale a workload beyond its autoscaler
  slipway.lab.workload_scale:
    name: hello-node
    replicas: 8
    allow_autoscaled: true

- name: Remove pods of a database, with those claims that its retention policy deletes
  slipway.lab.workload_scale: {kind: StatefulSet, name: cache, replicas: 1, remove_data: true}
"""

RETURN = r"""
workloads:
  description:
    - Each workload with C(kind), C(namespace), C(name), the numbers C(before) and C(after), and after a wait
      C(seconds) and C(state).
  returned: always
  type: list
  elements: dict
autoscalers:
  description: Action for each HorizontalPodAutoscaler.
  returned: with O(autoscale)
  type: list
  elements: dict
failures:
  description: Causes of the failure, in the form of M(slipway.lab.workload).
  returned: on failure of a wait
  type: list
  elements: dict
seconds:
  description: Duration.
  returned: success
  type: float
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FAIL_AFTER
from ansible_collections.slipway.lab.plugins.module_utils.workload.arguments import APP_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.scale import (
    scale_workloads,
)

WORKLOAD = {
    "name": {"type": "str"},
    "kind": {"type": "str"},
    "api_version": {"type": "str"},
    "namespace": {"type": "str"},
    "replicas": {"type": "raw"},
    "current_replicas": {"type": "int"},
}
OPTIONS = {
    **WORKLOAD,
    "workloads": {"type": "list", "elements": "dict", "options": WORKLOAD},
    "selector": {"type": "str"},
    "allow_autoscaled": {"type": "bool", "default": False},
    "remove_data": {"type": "bool", "default": False},
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
