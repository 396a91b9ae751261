#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read the snapshots of an account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lab_snapshot_info
short_description: Read the snapshots of labs
version_added: 0.3.0
description:
  - Reads the snapshots in a directory, without the Docker engine.
  - A snapshot that is damaged, or of a newer format, is a result with a C(problem), not a failure.
options:
  directory:
    description: Directory of the snapshots.
    type: path
    required: true
  names:
    description: Names of the snapshots. By default all. A name without a snapshot is an error.
    type: list
    elements: str
    default: []
  verify:
    description: Read all files, and compare their checksums. Otherwise only their sizes are compared.
    type: bool
    default: false
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.lab_snapshot
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read all snapshots
  slipway.lab.lab_snapshot_info:
    directory: ~/.local/share/slipway/snapshots
  register: found

- name: Verify a snapshot
  slipway.lab.lab_snapshot_info:
    directory: ~/.local/share/slipway/snapshots
    names: [before-upgrade]
    verify: true
  register: found
  failed_when: found is failed or found.snapshots[0].problem != ''
"""

RETURN = r"""
snapshots:
  description: The snapshots in the order of their names.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the snapshot.
      type: str
    path:
      description: Its directory.
      type: str
    state:
      description: C(ok) or C(unusable).
      type: str
    problem:
      description: Why it cannot be used. Empty if it can.
      type: str
    lab:
      description: Name of the lab.
      type: str
    created:
      description: Time in seconds since the epoch.
      type: float
    size:
      description: Bytes of its files.
      type: int
    content:
      description: Bytes of the lab.
      type: int
    subnet:
      description: Network of the container hosts.
      type: str
    architecture:
      description: Architecture of the machine.
      type: str
    owner:
      description: Account that saved it.
      type: str
    parts:
      description: Bytes of each part by its name.
      type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.tasks import describe


def main() -> None:
    """Read snapshots."""
    options = {
        "directory": {"type": "path", "required": True},
        "names": {"type": "list", "elements": "str", "default": []},
        "verify": {"type": "bool", "default": False},
    }
    module = AnsibleModule(argument_spec=options, supports_check_mode=True)
    run_module(module, lambda _: describe(module.params))


if __name__ == "__main__":
    main()
