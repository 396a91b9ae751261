#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: cordon, drain and uncordon a node, set its labels and taints."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node
short_description: Cordon, drain and uncordon Kubernetes nodes, set labels and taints
version_added: 0.1.0
description:
  - Drains a node with the eviction API, which respects PodDisruptionBudgets. Evicts all pods concurrently, and
    watches them until they have terminated. If a budget prevents an eviction until the timeout, the error names the
    budget.
  - Changes nothing if a pod would be lost, that is a pod without a controller or with data in an emptyDir, unless
    O(force) or O(delete_empty_dir) allows it, or O(keep_pods) leaves it there.
options:
  name:
    description: Name of the node.
    type: str
    required: true
  state:
    description:
      - V(cordoned) marks the node unschedulable. V(drained) also evicts its pods. V(schedulable) uncordons the node.
      - By default, the module does not change whether the node is schedulable.
    type: str
    choices: [schedulable, cordoned, drained]
  labels:
    description: Labels to set. A null value removes the label. Other labels do not change.
    type: dict
  taints:
    description: Taints to set or remove. Other taints do not change.
    type: list
    elements: dict
    suboptions:
      key:
        description: Key.
        type: str
        required: true
      value:
        description: Value.
        type: str
      effect:
        description: Effect. Without an effect, V(absent) removes the taints of the key with any effect.
        type: str
        choices: [NoSchedule, PreferNoSchedule, NoExecute]
      state:
        description: Set or remove the taint.
        type: str
        choices: [present, absent]
        default: present
  force:
    description: Evict pods without a controller, which no controller replaces.
    type: bool
    default: false
  delete_empty_dir:
    description: Evict pods with data in an emptyDir, which is deleted.
    type: bool
    default: false
  keep_pods:
    description:
      - Let pods that would be lost stay on the node and run on, instead of failing. RV(kept) lists them. For work
        on a node that does not end its pods, such as a new kubelet.
    type: bool
    default: false
    version_added: 0.3.0
  grace_period:
    description: Seconds that a pod gets to terminate. By default, the setting of the pod.
    type: int
  wait_timeout:
    description: Seconds for draining.
    type: int
    default: 300
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
  - slipway.lab.progress
attributes:
  check_mode:
    support: full
    details: Reports which pods would be evicted.
  diff_mode:
    support: full
    details: Shows labels, taints and whether the node is schedulable.
seealso:
  - module: slipway.lab.cluster_info
  - module: kubernetes.core.k8s_drain
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Drain a node for maintenance
  slipway.lab.node:
    name: lab-m02
    state: drained
    wait_timeout: 600
    progress_file: /tmp/drain.jsonl

- name: Drain a node whose pods have no controller or use an emptyDir
  slipway.lab.node:
    name: lab-m02
    state: drained
    force: true
    delete_empty_dir: true
    grace_period: 10

- name: Evict the pods that come back elsewhere, before the kubelet is replaced
  slipway.lab.node:
    name: lab-m02
    state: drained
    keep_pods: true

- name: Uncordon the node, set a label and remove a taint
  slipway.lab.node:
    name: lab-m02
    state: schedulable
    labels: {disk: ssd}
    taints:
      - {key: maintenance, state: absent}
"""

RETURN = r"""
node:
  description: The node, in the form of M(slipway.lab.cluster_info).
  returned: success
  type: dict
evicted:
  description: The evicted pods.
  returned: success
  type: list
  elements: str
kept:
  description: The pods that stay, each with the reason.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.node import EFFECTS
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.node import manage_node

OPTIONS = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["schedulable", "cordoned", "drained"]},
    "labels": {"type": "dict"},
    "taints": {
        "type": "list",
        "elements": "dict",
        "options": {
            "key": {"type": "str", "required": True, "no_log": False},
            "value": {"type": "str"},
            "effect": {"type": "str", "choices": list(EFFECTS)},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
    },
    "force": {"type": "bool", "default": False},
    "delete_empty_dir": {"type": "bool", "default": False},
    "keep_pods": {"type": "bool", "default": False},
    "grace_period": {"type": "int"},
    "wait_timeout": {"type": "int", "default": 300},
    "progress_file": {"type": "str", "default": ""},
}


def main() -> None:
    """Bring a node to its declared state."""
    run_module(kube_module(OPTIONS), manage_node)


if __name__ == "__main__":
    main()
