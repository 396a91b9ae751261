#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: save a lab that is stopped, or delete a snapshot."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lab_snapshot
short_description: Save a stopped lab as a snapshot, or delete a snapshot
version_added: 0.3.0
description:
  - Saves all containers and volumes of a lab, and the state of the lab on this machine, into files of a directory. The
    files are compressed with zstd, and the snapshot has the sha256 of each of them.
  - All containers of the lab must be stopped, so that databases have closed their files.
  - A snapshot that was not saved to its end does not exist, and the next run removes its files.
  - A snapshot contains private keys and credentials of the lab. Only its owner and root can read it.
options:
  name:
    description: Name of the snapshot. At most 40 letters, digits, C(-), C(_) and C(.).
    type: str
    required: true
  directory:
    description: Directory of the snapshots.
    type: path
    required: true
  state:
    description: C(present) saves a snapshot, and fails if one of this name exists. C(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  lab:
    description: Name of the lab. Needed to save it.
    type: str
  state_dir:
    description: Directory with the state of the lab. Needed to save it.
    type: path
  cache_dir:
    description: Directory of the cache. Needed to save the lab.
    type: path
extends_documentation_fragment: [slipway.lab.progress, slipway.lab.attributes]
attributes:
  check_mode:
    support: full
    details: >-
      Fails if the name is in use or the space is not enough, and returns RV(content) and RV(free). The lab may run.
  diff_mode:
    support: none
requirements:
  - Docker, zstd and tar
seealso:
  - module: slipway.lab.lab_restore
  - module: slipway.lab.lab_snapshot_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Save the lab physics
  slipway.lab.lab_snapshot:
    name: before-upgrade
    directory: ~/.local/share/slipway/snapshots
    lab: physics
    state_dir: ~/.local/state/slipway/physics
    cache_dir: ~/.cache/slipway
    progress_file: /tmp/progress.jsonl

- name: Delete a snapshot
  slipway.lab.lab_snapshot:
    name: before-upgrade
    directory: ~/.local/share/slipway/snapshots
    state: absent
"""

RETURN = r"""
snapshot:
  description: The saved snapshot, as M(slipway.lab.lab_snapshot_info) returns it.
  returned: when a snapshot was saved
  type: dict
content:
  description: Bytes of the lab. The snapshot is smaller, because it is compressed.
  returned: in check mode, and when the space is not enough
  type: int
free:
  description: Free bytes of the file system of the directory.
  returned: in check mode, and when the space is not enough
  type: int
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import socket_path
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import Packer
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.tasks import delete, save


def main() -> None:
    """Save a lab, or delete a snapshot."""
    needed = ["lab", "state_dir", "cache_dir"]
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "directory": {"type": "path", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "lab": {"type": "str"},
            "state_dir": {"type": "path"},
            "cache_dir": {"type": "path"},
            "progress_file": {"type": "str", "default": ""},
        },
        required_if=[("state", "present", needed)],
        supports_check_mode=True,
    )
    packer = Packer()
    progress = Progress(module.params["progress_file"], "lab_snapshot")

    def work(_: AnsibleModule) -> dict:
        if module.params["state"] == "absent":
            return delete(module.params, module.check_mode)
        return save(module.params, module.check_mode, socket_path(), packer, progress)

    run_module(module, work, on_signal=packer.interrupt)


if __name__ == "__main__":
    main()
