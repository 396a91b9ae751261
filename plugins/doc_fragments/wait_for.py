# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the options of modules that wait for the objects that they write."""

from __future__ import annotations


class ModuleDocFragment:
    """Found by Ansible through ``extends_documentation_fragment: [slipway.lab.wait_for]``."""

    DOCUMENTATION = r"""
options:
  wait_for:
    description: Conditions and properties that each object of the task must reach.
    type: list
    elements: dict
    suboptions:
      condition:
        description: Type of a condition that must have O(wait_for[].status).
        type: str
      status:
        description: Status of the condition.
        type: str
        default: "True"
      path:
        description: Path of a property, such as V(.status.phase), that must have O(wait_for[].value), or any value.
        type: str
      value:
        description: Value of the property as text.
        type: str
  wait_timeout:
    description: Seconds for the whole task.
    type: int
    default: 120
"""
