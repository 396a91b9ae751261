#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read the logs of all pods of a workload."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_logs
short_description: Read the logs of all pods of a workload
version_added: 0.1.0
description:
  - Reads the logs of many pods concurrently, limited by time, number of lines and a pattern.
options:
  name:
    description: Name of the workload.
    type: str
  kind:
    description: Kind of the workload. By default, the module finds it by name.
    type: str
    choices: [Deployment, StatefulSet, DaemonSet, Job, CronJob]
  namespace:
    description: Namespace.
    type: str
    default: default
  pod:
    description: Name of a pod, instead of O(name).
    type: str
  selector:
    description: Label selector of pods, instead of O(name).
    type: str
  container:
    description: Name of the container, also of an init container. By default all containers that run all the time,
      among them sidecars.
    type: str
  all_containers:
    description: Read the init containers too, also those that have ended.
    type: bool
    default: false
  tail:
    description: Number of the last lines of each container, before O(grep) is applied.
    type: int
    default: 100
  since:
    description: Age of the oldest line, in seconds or as a duration such as V(10m) or V(2h).
    type: str
  grep:
    description: Regular expression that a line must contain.
    type: str
  previous:
    description: Read the logs of the container before its last restart.
    type: bool
    default: false
  timestamps:
    description: Start each line with its time.
    type: bool
    default: false
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.workload_info
  - module: kubernetes.core.k8s_log
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read the errors of the last ten minutes
  slipway.lab.workload_logs:
    name: web
    since: 10m
    tail: 10000
    grep: "(?i)error"
  register: logs

- name: Read why the broker ended before its restart
  slipway.lab.workload_logs:
    namespace: shop
    kind: StatefulSet
    name: queue
    container: broker
    previous: true
    timestamps: true

- name: Read why the pods do not start, from their init containers too
  slipway.lab.workload_logs: {name: web, all_containers: true}

- name: Read one pod
  slipway.lab.workload_logs: {namespace: shop, pod: queue-0}

- name: Read the pods of a selector
  slipway.lab.workload_logs: {namespace: shop, selector: tier=backend}
"""

RETURN = r"""
logs:
  description: For each container C(pod), C(container) and C(lines), or C(problem) if its log could not be read.
  returned: always
  type: list
  elements: dict
lines:
  description: All lines, each after the name of its pod.
  returned: always
  type: list
  elements: str
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import REFERENCE
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.logs import read_logs

OPTIONS = {
    **REFERENCE,
    "pod": {"type": "str"},
    "selector": {"type": "str"},
    "container": {"type": "str"},
    "all_containers": {"type": "bool", "default": False},
    "tail": {"type": "int", "default": 100},
    "since": {"type": "str"},
    "grep": {"type": "str"},
    "previous": {"type": "bool", "default": False},
    "timestamps": {"type": "bool", "default": False},
}


def main() -> None:
    """Read logs of many pods."""
    module = kube_module(
        OPTIONS,
        mutually_exclusive=[("name", "pod", "selector"), ("container", "all_containers")],
        required_one_of=[("name", "pod", "selector")],
    )
    run_module(module, read_logs)


if __name__ == "__main__":
    main()
