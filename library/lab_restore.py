#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: restore a lab from a snapshot."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lab_restore
short_description: Restore a lab from a snapshot
version_added: 0.3.0
description:
  - Restores a lab in three steps. O(state=filled) verifies the snapshot and copies it into new volumes and images,
    beside a lab that may still run. O(state=switched) then replaces the stopped lab by this copy. O(state=recovered)
    removes the data of the old one, which can wait until the new one runs.
  - A run that is interrupted before O(state=switched) leaves the old lab, and one that is interrupted later leaves the
    new lab. O(state=recovered) removes the rest of the other one.
  - The containers of the restored lab are stopped.
options:
  state:
    description: The step.
    type: str
    choices: [filled, switched, recovered]
    required: true
  lab:
    description: Name of the lab.
    type: str
    required: true
  state_dir:
    description: Directory with the state of the lab.
    type: path
    required: true
  name:
    description: Name of the snapshot. Needed for O(state=filled), like the next three options.
    type: str
  directory:
    description: Directory of the snapshots.
    type: path
  cache_dir:
    description: Directory of the cache.
    type: path
  labels:
    description: Labels of everything that belongs to the lab, with its name and its owner.
    type: dict
  force:
    description: Replace a lab that exists.
    type: bool
    default: false
extends_documentation_fragment: [slipway.lab.progress, slipway.lab.attributes]
attributes:
  check_mode:
    support: full
    details: With O(state=filled), it verifies all checksums and everything else that would be refused.
  diff_mode:
    support: none
requirements:
  - Docker, zstd and tar
seealso:
  - module: slipway.lab.lab_snapshot
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Copy the snapshot beside the lab
  slipway.lab.lab_restore:
    state: filled
    name: before-upgrade
    directory: ~/.local/share/slipway/snapshots
    lab: physics
    state_dir: ~/.local/state/slipway/physics
    cache_dir: ~/.cache/slipway
    labels: {slipway: physics, slipway.owner: marie, slipway.uid: "1000"}
    force: true
    progress_file: /tmp/progress.jsonl

- name: Replace the stopped lab
  slipway.lab.lab_restore:
    state: switched
    lab: physics
    state_dir: ~/.local/state/slipway/physics

- name: Remove the data of the old lab, or end a restore that was interrupted
  slipway.lab.lab_restore:
    state: recovered
    lab: physics
    state_dir: ~/.local/state/slipway/physics
"""

RETURN = r"""
replaces:
  description: Whether the snapshot replaces a lab.
  returned: with O(state=filled)
  type: bool
kept:
  description: C(old) or C(new), the state that the lab has, or empty if there was nothing to end.
  returned: with O(state=recovered)
  type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import socket_path
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import Packer
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.tasks import (
    fill,
    settle,
    take,
)


def main() -> None:
    """Restore a lab."""
    module = AnsibleModule(
        argument_spec={
            "state": {
                "type": "str",
                "choices": ["filled", "switched", "recovered"],
                "required": True,
            },
            "lab": {"type": "str", "required": True},
            "state_dir": {"type": "path", "required": True},
            "name": {"type": "str"},
            "directory": {"type": "path"},
            "cache_dir": {"type": "path"},
            "labels": {"type": "dict"},
            "force": {"type": "bool", "default": False},
            "progress_file": {"type": "str", "default": ""},
        },
        required_if=[("state", "filled", ["name", "directory", "cache_dir", "labels"])],
        supports_check_mode=True,
    )
    packer = Packer()
    progress = Progress(module.params["progress_file"], "lab_restore")

    def work(_: AnsibleModule) -> dict:
        given, check, socket = module.params, module.check_mode, socket_path()
        if given["state"] == "filled":
            return fill(given, check, socket, packer, progress)
        return (take if given["state"] == "switched" else settle)(given, check, socket)

    run_module(module, work, on_signal=packer.interrupt)


if __name__ == "__main__":
    main()
