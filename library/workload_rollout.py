#!/usr/bin/python
"""Ansible module: revisions of a workload."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_rollout
short_description: Look at rollouts of a workload, undo, restart, pause and resume them
description:
  - Works on Deployments, StatefulSets and DaemonSets. Pausing is for Deployments only.
  - Waits by watch after a change, and fails early with the cause as M(workload) does.
options:
  name:
    description: Name of the workload.
    type: str
    required: true
  kind:
    description: Kind of the workload. Found by the name when left out.
    type: str
    choices: [Deployment, StatefulSet, DaemonSet]
  namespace:
    description: Namespace.
    type: str
    default: default
  action:
    description:
      - V(status) and V(history) only look. V(undo) goes back to O(to_revision), once the controller has
        seen the latest declaration. V(restart) replaces all pods.
    type: str
    choices: [status, history, undo, restart, pause, resume]
    default: status
  to_revision:
    description: Revision for V(undo). 0 is the one before the current.
    type: int
    default: 0
  wait:
    description: Wait after V(undo), V(restart) and V(resume) until the rollout is done; for
      V(status) too.
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
extends_documentation_fragment: [slipway.lab.kube_auth]
attributes:
  check_mode:
    support: full
    description: Undo, pause and resume by dry run of the server.
  diff_mode:
    support: full
    description: Shows the workload before and after.
author:
  - Slipway
"""

EXAMPLES = r"""
- name: What was rolled out
  workload_rollout: {name: web, action: history}
  register: rollout

- name: Back to the revision before
  workload_rollout: {name: web, action: undo}
"""

RETURN = r"""
status:
  description: Whether the rollout is C(done), and its C(text).
  returned: always
  type: dict
revision:
  description: Number of the current revision.
  returned: always
  type: int
history:
  description:
    - Revisions, oldest first, each with C(revision), C(images), C(change_cause), C(seconds_ago),
      C(current), C(ready).
  returned: always
  type: list
changes:
  description: Fields that changed.
  returned: with an action that changes
  type: list
failures:
  description: Why the rollout does not succeed, as in M(workload).
  returned: on failure of a wait
  type: list
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ROLLOUT_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FAIL_AFTER
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.rollout import (
    operate_rollout,
)

OPTIONS = {
    "name": {"type": "str", "required": True},
    "kind": {"type": "str", "choices": list(ROLLOUT_KINDS)},
    "namespace": {"type": "str", "default": "default"},
    "action": {
        "type": "str",
        "choices": ["status", "history", "undo", "restart", "pause", "resume"],
        "default": "status",
    },
    "to_revision": {"type": "int", "default": 0},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 120},
    "fail_after": {
        "type": "dict",
        "options": {name: {"type": "int", "default": value} for name, value in FAIL_AFTER.items()},
    },
}


def main() -> None:
    """Operate the rollout of a workload."""
    run_module(kube_module(OPTIONS), operate_rollout)


if __name__ == "__main__":
    main()
