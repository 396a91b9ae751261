#!/usr/bin/python
"""Ansible module: a process and what it started."""

from __future__ import annotations

DOCUMENTATION = r"""
module: process_tree
short_description: Tell about a process and what it started
description:
  - Reads from the kernel the tree of a process, the memory of each, and the namespaces of the first.
options:
  pid:
    description: The process.
    type: int
    required: true
  with_parent:
    description: Begin with its parent, for example the program that started a container and stays with it.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
    description: Changes nothing.
author:
  - Slipway
notes:
  - Never reports changed. Needs root for processes of others.
"""

EXAMPLES = r"""
- name: Look at a container from outside
  process_tree:
    pid: "{{ container.container.State.Pid }}"
  register: tree
"""

RETURN = r"""
processes:
  description: Each process after its parent, with C(pid), C(depth), C(name), C(command) and C(memory) in bytes.
  returned: success
  type: list
  elements: dict
memory:
  description: Memory of all of them in bytes. What several processes share is divided among them.
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
    """Run the module."""
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
