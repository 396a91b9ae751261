# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the option of modules that wait for workloads and fail early."""

from __future__ import annotations


class ModuleDocFragment:
    """Found by Ansible through ``extends_documentation_fragment: [slipway.lab.fail_after]``."""

    DOCUMENTATION = r"""
options:
  fail_after:
    description: Time that a cause may last before the task fails. Permanent causes fail immediately.
    type: dict
    suboptions:
      pull:
        description: Seconds for transient errors of a registry. "Not found" and "unauthorized" fail immediately.
        type: int
        default: 60
      config:
        description: Seconds for a missing ConfigMap, Secret or key, or a command that cannot be started.
        type: int
        default: 5
      schedule:
        description: Seconds for pods that fit on no node. An autoscaler can need minutes for a new node, so V(0)
          waits until O(wait_timeout).
        type: int
        default: 0
      volume:
        description: Seconds for a volume that cannot be provisioned or mounted. V(0) waits until O(wait_timeout).
        type: int
        default: 0
      create:
        description: Seconds for pods that a quota or an admission controller rejects.
        type: int
        default: 10
      probe:
        description: Seconds for a failing probe. V(0) waits until O(wait_timeout).
        type: int
        default: 0
      crashes:
        description: Number of times that a process may exit.
        type: int
        default: 2
"""
