# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the attributes of all modules. A module adds its ``support``, and ``details`` where it helps."""

from __future__ import annotations


class ModuleDocFragment:
    """Found by Ansible through ``extends_documentation_fragment: [slipway.lab.attributes]``."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode, and predicts its result without a change.
  diff_mode:
    description: Returns the state before and after the change in diff mode.
"""
