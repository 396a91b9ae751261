#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: give a new lab a network, and keep that of an existing one."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lab_network
short_description: Give a new lab a network of this machine's Docker
version_added: 0.3.0
description:
  - Creates the Docker network of a new lab with the first free addresses from C(10.213.0.0/24) to C(10.254.0.0/24) and,
    if all of these are taken, from C(192.168.213.0/24) to C(192.168.254.0/24), and records them in a file. Addresses
    are free if no route of this machine and no other network of Docker contains them.
  - The network gets the MTU of the default route where that is below Docker's 1500, as in a VPN.
  - A lab that has a network keeps it.
options:
  name:
    description: Name of the lab.
    type: str
    required: true
  path:
    description: File that records the network.
    type: path
    required: true
  labels:
    description: Labels of the network. One is C(slipway) with the name of the lab.
    type: dict
    required: true
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
seealso:
  - module: slipway.lab.lab_info
  - module: community.docker.docker_network
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Give the lab physics a network
  slipway.lab.lab_network:
    name: physics
    path: ~/.local/state/slipway/physics/network.json
    labels: {slipway: physics}
"""

RETURN = r"""
subnet:
  description: The network of the lab.
  returned: success
  type: str
  sample: 10.214.0.0/24
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.labs.allocation import Allocation
from ansible_collections.slipway.lab.plugins.module_utils.labs.networks import recorded_subnet
from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import socket_path


def allocate(module: AnsibleModule) -> dict:
    """Give the lab its network."""
    given = module.params
    allocation = Allocation(given["name"], Path(given["path"]), socket_path())
    before = recorded_subnet(allocation.path)
    subnet = allocation.existing()
    if not subnet:
        subnet = (
            allocation.predict()
            if module.check_mode
            else allocation.create(given["labels"], module.run_command)
        )
    if subnet != before and not module.check_mode:
        allocation.record(subnet)
    diff = {"before": {"subnet": before}, "after": {"subnet": subnet}}
    return {"changed": subnet != before, "subnet": subnet, "diff": diff}


def main() -> None:
    """Give a lab its network."""
    options = {
        "name": {"type": "str", "required": True},
        "path": {"type": "path", "required": True},
        "labels": {"type": "dict", "required": True},
    }
    run_module(AnsibleModule(argument_spec=options, supports_check_mode=True), allocate)


if __name__ == "__main__":
    main()
