#!/usr/bin/python
"""Ansible module: cordon, drain and uncordon a node, set its labels and taints."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node
short_description: Cordon, drain and uncordon Kubernetes nodes, set labels and taints
description:
  - Drains by the eviction API, so that PodDisruptionBudgets are respected, all pods side by side,
    and waits by
    watch until they are gone. A budget in the way is named when the time is up.
  - Nothing is changed when a pod would be lost (without controller, or with data in an emptyDir)
    unless told.
options:
  name:
    description: Name of the node.
    type: str
    required: true
  state:
    description: V(cordoned) takes no new pods, V(drained) is emptied as well, V(schedulable) is
      open again.
    type: str
    choices: [schedulable, cordoned, drained]
  labels:
    description: Labels to set. A null value removes the label. Others stay.
    type: dict
  taints:
    description: Taints to set or remove. Others stay.
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
        description: Effect. For removal, of any effect when left out.
        type: str
        choices: [NoSchedule, PreferNoSchedule, NoExecute]
      state:
        description: Whether the taint is set or removed.
        type: str
        choices: [present, absent]
        default: present
  force:
    description: Also evict pods without a controller.
    type: bool
    default: false
  delete_empty_dir:
    description: Also evict pods that keep data in an emptyDir.
    type: bool
    default: false
  grace_period:
    description: Seconds that a pod gets to end. Its own setting when left out.
    type: int
  wait_timeout:
    description: Seconds for draining.
    type: int
    default: 300
  progress_file:
    description: File that gets progress as JSON lines. Empty turns it off.
    type: str
    default: ""
extends_documentation_fragment: [slipway.lab.kube_auth]
attributes:
  check_mode:
    support: full
    description: Says which pods would be evicted.
  diff_mode:
    support: full
    description: Shows labels, taints and whether the node takes pods.
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Empty a node for maintenance
  node:
    name: lab-m02
    state: drained

- name: Open it again, with a label
  node:
    name: lab-m02
    state: schedulable
    labels: {disk: ssd}
    taints:
      - {key: maintenance, state: absent}
"""

RETURN = r"""
node:
  description: The node as M(cluster_info) describes it.
  returned: success
  type: dict
evicted:
  description: Pods that were evicted.
  returned: success
  type: list
kept:
  description: Pods that stay, each with the reason.
  returned: success
  type: list
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
    "grace_period": {"type": "int"},
    "wait_timeout": {"type": "int", "default": 300},
    "progress_file": {"type": "str", "default": ""},
}


def main() -> None:
    """Bring a node to its declared state."""
    run_module(kube_module(OPTIONS), manage_node)


if __name__ == "__main__":
    main()
