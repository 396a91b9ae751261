#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read workloads with the objects that belong to them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_info
short_description: Read workloads with their pods, Services, events, logs and use of resources
version_added: 0.1.0
description:
  - Reads concurrently the objects that belong to a workload.
  - Objects that the credentials must not read, and metrics that the cluster does not have, are left empty.
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
  selector:
    description: Label selector. Reads all workloads of the namespace that it matches, instead of O(name).
    type: str
  log_lines:
    description: Number of the last log lines of each container. V(0) reads no logs.
    type: int
    default: 10
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.workload
  - module: slipway.lab.workload_logs
  - module: kubernetes.core.k8s_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read the application
  slipway.lab.workload_info:
    name: hello-node
    log_lines: 50
  register: found

- name: Print the node of each pod
  ansible.builtin.debug:
    msg: "{{ found.workloads[0].pods | items2dict(key_name='name', value_name='node') }}"

- name: Read all StatefulSets of a team
  slipway.lab.workload_info:
    namespace: shop
    kind: StatefulSet
    selector: team=a
"""

RETURN = r"""
workloads:
  description:
    - The workloads. Each has C(kind), C(name), C(ready), C(state), C(replicas), C(images), C(conditions), C(pods)
      (with C(node), C(restarts), C(containers), C(problem), C(logs), C(use)), C(services) (with C(ready_addresses)),
      C(autoscaler), C(events), C(object).
    - Empty when no workload matches.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import REFERENCE
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.info import (
    describe_workloads,
)

OPTIONS = {
    **REFERENCE,
    "selector": {"type": "str"},
    "log_lines": {"type": "int", "default": 10},
}


def main() -> None:
    """Describe workloads."""
    choice = ("name", "selector")
    module = kube_module(OPTIONS, mutually_exclusive=[choice], required_one_of=[choice])
    run_module(module, describe_workloads)


if __name__ == "__main__":
    main()
