#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: carry a snapshot of a lab in one file."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lab_snapshot_file
short_description: Write a snapshot of a lab into one file, or read it from there
version_added: 0.3.0
description:
  - Writes a snapshot into a file, with which another account or machine gets it. All checksums are compared, in both
    directions.
  - The file contains private keys and credentials of the lab. A restored lab runs what the file contains as root, so
    import only files of people whom you trust.
options:
  state:
    description: C(exported) writes the file, which must not exist. C(imported) reads it.
    type: str
    choices: [exported, imported]
    required: true
  file:
    description: The file.
    type: path
    required: true
  directory:
    description: Directory of the snapshots.
    type: path
    required: true
  name:
    description: Name of the snapshot. O(state=exported) needs it. By default, an imported snapshot keeps its name.
    type: str
    default: ""
extends_documentation_fragment: [slipway.lab.progress, slipway.lab.attributes]
attributes:
  check_mode:
    support: full
    details: Compares checksums only with O(state=exported).
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.lab_snapshot
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Write a snapshot into a file
  slipway.lab.lab_snapshot_file:
    state: exported
    name: before-upgrade
    file: /mnt/usb/before-upgrade.snapshot
    directory: ~/.local/share/slipway/snapshots
    progress_file: /tmp/progress.jsonl

- name: Read it on another machine
  slipway.lab.lab_snapshot_file:
    state: imported
    file: /mnt/usb/before-upgrade.snapshot
    directory: ~/.local/share/slipway/snapshots
"""

RETURN = r"""
name:
  description: Name of the snapshot.
  returned: success
  type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.transfer import carry


def main() -> None:
    """Write or read a file."""
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["exported", "imported"], "required": True},
            "file": {"type": "path", "required": True},
            "directory": {"type": "path", "required": True},
            "name": {"type": "str", "default": ""},
            "progress_file": {"type": "str", "default": ""},
        },
        required_if=[("state", "exported", ["name"])],
        supports_check_mode=True,
    )
    progress = Progress(module.params["progress_file"], "lab_snapshot_file")
    run_module(module, lambda _: carry(module.params, module.check_mode, progress))


if __name__ == "__main__":
    main()
