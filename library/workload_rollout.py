#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read and change the rollouts of a workload."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_rollout
short_description: Read, undo, restart, pause and resume rollouts of a workload
version_added: 0.1.0
description:
  - For Deployments, StatefulSets and DaemonSets. Only Deployments can be paused.
  - After a change, watches the workload until the rollout is complete, and fails early with the cause, as
    M(slipway.lab.workload) does.
options:
  name:
    description: Name of the workload.
    type: str
    required: true
  kind:
    description: Kind of the workload. By default, the module finds it by name.
    type: str
    choices: [Deployment, StatefulSet, DaemonSet]
  namespace:
    description: Namespace.
    type: str
    default: default
  action:
    description:
      - V(status) and V(history) only read.
      - V(undo) returns to O(to_revision) after the controller has observed the latest declaration.
      - V(restart) replaces all pods. V(pause) and V(resume) stop and continue the rollouts of a Deployment.
    type: str
    choices: [status, history, undo, restart, pause, resume]
    default: status
  to_revision:
    description: Revision for V(undo). V(0) is the revision before the current one.
    type: int
    default: 0
  wait:
    description: Wait for the rollout with V(undo), V(restart), V(resume) and V(status).
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
attributes:
  check_mode:
    support: full
    details: Predicts V(undo), V(pause) and V(resume) with a dry run of the API server.
  diff_mode:
    support: full
    details: Shows the workload before and after.
seealso:
  - module: slipway.lab.workload
  - module: kubernetes.core.k8s_rollback
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read the revisions
  slipway.lab.workload_rollout: {name: web, action: history}
  register: rollout

- name: Return to the revision before the current one
  slipway.lab.workload_rollout: {name: web, action: undo}

- name: Return to a revision, and fail soon when its image cannot be pulled
  slipway.lab.workload_rollout:
    namespace: shop
    kind: Deployment
    name: web
    action: undo
    to_revision: 3
    wait_timeout: 300
    fail_after: {pull: 20}

- name: Restart the pods without waiting
  slipway.lab.workload_rollout: {name: web, action: restart, wait: false}
"""

RETURN = r"""
status:
  description: Whether the rollout is C(done), and its description as C(text).
  returned: always
  type: dict
revision:
  description: Number of the current revision.
  returned: always
  type: int
history:
  description: Revisions, oldest first, each with C(revision), C(images), C(change_cause), C(seconds_ago), C(current),
    C(ready).
  returned: always
  type: list
  elements: dict
changes:
  description: Fields that changed.
  returned: with an action that changes the workload
  type: list
  elements: dict
unblocked:
  description: Broken pods of an old revision that were deleted because a StatefulSet waited for them. Only
    O(action=undo) and O(action=restart) delete pods.
  returned: if there were any
  type: list
  elements: str
failures:
  description: Causes of the failure, in the form of M(slipway.lab.workload).
  returned: on failure of a wait
  type: list
  elements: dict
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
