# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the option of long modules that report progress."""

from __future__ import annotations


class ModuleDocFragment:
    """Found by Ansible through ``extends_documentation_fragment: [slipway.lab.progress]``."""

    DOCUMENTATION = r"""
options:
  progress_file:
    description: File to which the module appends its progress as JSON lines. An empty path turns it off.
    type: str
    default: ""
"""
