#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read the processes below a process."""

from __future__ import annotations

DOCUMENTATION = r"""
module: process_tree
short_description: Read the processes below a process
version_added: 0.1.0
description:
  - Reads from the kernel the tree of a process, the memory of each process, and the namespaces of the first one.
options:
  pid:
    description: Id of the process.
    type: int
    required: true
  with_parent:
    description: Start with the parent of the process, such as the program that supervises a container.
    type: bool
    default: false
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
notes:
  - Never reports a change. Reading the processes of other users requires root.
seealso:
  - module: community.docker.docker_container_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read the processes of a container, and the one that supervises it
  slipway.lab.process_tree:
    pid: "{{ container.container.State.Pid }}"
    with_parent: true
  become: true
  register: tree
"""

RETURN = r"""
processes:
  description: Each process after its parent, with C(pid), C(depth), C(name), C(command) and C(memory) in bytes.
  returned: success
  type: list
  elements: dict
memory:
  description: Memory of all processes in bytes. Shared memory is divided among the processes that share it.
  returned: success
  type: int
namespaces:
  description: Identities of the namespaces of the process, by kind.
  returned: success
  type: dict
drawing:
  description: The tree as text.
  returned: success
  type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.process_tree import (
    drawing,
    namespaces,
    parents,
    tree,
)


def main() -> None:
    """Read a tree of processes."""
    module = AnsibleModule(
        argument_spec={
            "pid": {"type": "int", "required": True},
            "with_parent": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    pid = module.params["pid"]
    try:
        own = namespaces(pid)
        processes = tree(parents()[pid] if module.params["with_parent"] else pid)
    except (OSError, KeyError) as error:
        module.fail_json(
            msg=f"process {pid} cannot be read: {error}. It may have ended; others need root."
        )
    module.exit_json(
        changed=False,
        processes=processes,
        memory=sum(one["memory"] for one in processes),
        namespaces=own,
        drawing=drawing(processes),
    )


if __name__ == "__main__":
    main()
