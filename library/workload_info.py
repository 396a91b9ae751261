#!/usr/bin/python
"""Ansible module: one look at an application."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_info
short_description: Look at a workload, its pods, services, events, logs and use of resources
description:
  - Collects in parallel what one would ask for by a dozen commands.
  - What the credentials may not read, or what the cluster does not have (metrics), is left empty.
options:
  name:
    description: Name of the workload.
    type: str
  kind:
    description: Kind of the workload. Found by the name when left out.
    type: str
    choices: [Deployment, StatefulSet, DaemonSet, Job, CronJob]
  namespace:
    description: Namespace.
    type: str
    default: default
  selector:
    description: All workloads of the namespace that this label selector finds, instead of O(name).
    type: str
  log_lines:
    description: Number of last log lines of each container. 0 for none.
    type: int
    default: 10
extends_documentation_fragment: [slipway.lab.kube_auth]
attributes:
  check_mode:
    support: full
    description: Changes nothing.
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Look at the application
  workload_info:
    name: hello-node
  register: look

- name: Where its pods run
  ansible.builtin.debug:
    msg: "{{ look.workloads[0].pods | items2dict(key_name='name', value_name='node') }}"
"""

RETURN = r"""
workloads:
  description:
    - The workloads. Each has C(kind), C(name), C(ready), C(state), C(replicas), C(images),
      C(conditions), C(pods)
      (with C(node), C(restarts), C(containers), C(problem), C(logs), C(use)), C(services) (with
      C(ready_addresses)), C(autoscaler), C(events), C(object).
    - Empty when there is none of that name.
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
