#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read the labs of this machine."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lab_info
short_description: Read the labs on a Docker engine
version_added: 0.3.0
description:
  - Reads the labs from the labels of their containers, networks and volumes, so a lab of another account, or one whose
    state directory is gone, is found as well.
  - An engine that does not answer is a result, not a failure. RV(engine) and RV(problem) have the cause.
options:
  name:
    description: Name of a lab. By default all labs.
    type: str
    default: ""
  usage:
    description: Measure memory and disk. This reads all files of the volumes.
    type: bool
    default: false
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: community.docker.docker_host_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read all labs with their memory and disk
  slipway.lab.lab_info:
    usage: true
  register: found

- name: Read one lab
  slipway.lab.lab_info:
    name: physics
  register: physics

- name: Fail if it does not run
  ansible.builtin.assert:
    that: physics.labs | map(attribute='state') | list == ['running']
"""

RETURN = r"""
labs:
  description: The labs in the order of their names.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the lab.
      type: str
    state:
      description: C(running), C(stopped), C(partial) if only some containers run, or C(remains) without containers.
      type: str
    owner:
      description: Account that created the lab. Empty for a lab of a version that recorded none.
      type: str
    uid:
      description: Number of this account.
      type: int
    foreign_owner:
      description: The owner, if only that account and root may change the lab. Empty if this account may.
      type: str
    created:
      description: Time of its oldest object, in seconds since the epoch.
      type: float
    subnet:
      description: Network of its container hosts.
      type: str
    hosts:
      description: Names of its container hosts.
      type: list
      elements: str
    running:
      description: Names of its running containers.
      type: list
      elements: str
    stopped:
      description: Names of its other containers.
      type: list
      elements: str
    volumes:
      description: Names of its volumes.
      type: list
      elements: str
    memory:
      description: Bytes of memory that it uses, with O(usage).
      type: int
    disk:
      description: Bytes of its containers and volumes, with O(usage).
      type: int
engine:
  description: C(running), C(silent) if it does not answer, or C(denied) if this user may not ask it.
  returned: always
  type: str
problem:
  description: Why the engine did not answer. Empty if it did.
  returned: always
  type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import (
    EngineDeniedError,
    EngineSilentError,
    describe_labs,
    socket_path,
)


def read(module: AnsibleModule) -> dict:
    """Return the labs."""
    given = module.params
    result = {"changed": False, "labs": [], "engine": "running", "problem": ""}
    try:
        result["labs"] = describe_labs(socket_path(), given["name"], given["usage"])
    except EngineDeniedError as denied:
        result |= {"engine": "denied", "problem": denied.message}
    except EngineSilentError as silent:
        result |= {"engine": "silent", "problem": silent.message}
    return result


def main() -> None:
    """Read the labs of this machine."""
    options = {
        "name": {"type": "str", "default": ""},
        "usage": {"type": "bool", "default": False},
    }
    run_module(AnsibleModule(argument_spec=options, supports_check_mode=True), read)


if __name__ == "__main__":
    main()
