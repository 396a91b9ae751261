#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: measure the startup time of a command repeatedly."""

from __future__ import annotations

DOCUMENTATION = r"""
module: startup_time
short_description: Measure the startup time of a command repeatedly
version_added: 0.1.0
description:
  - Runs a command until a line of its output matches O(says), ends it, and repeats this O(repeat) times.
  - Each time is measured from the start of the command to the matching line. Processes, containers and virtual
    machines are therefore measured in the same way.
options:
  argv:
    description: Command and arguments.
    type: list
    elements: str
    required: true
  says:
    description: Regular expression that matches the line after the startup.
    type: str
    required: true
  stop:
    description: Command after each start that ends the processes that outlive the command. Its duration is not
      measured.
    type: list
    elements: str
    default: []
  repeat:
    description: Number of starts.
    type: int
    default: 30
  timeout:
    description: Seconds after which a start has failed.
    type: float
    default: 60
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: none
    details: The task is skipped, because the times are unknown without a start.
  diff_mode:
    support: none
notes:
  - Never reports a change.
seealso:
  - module: slipway.lab.lesson_measurement
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Start a container ten times
  slipway.lab.startup_time:
    argv: [docker, run, --name, tried, busybox, echo, ready]
    says: ^ready
    stop: [docker, rm, --force, tried]
    repeat: 10
    timeout: 20
  register: container
"""

RETURN = r"""
seconds:
  description: Time of each start.
  returned: success
  type: list
  elements: float
median:
  description: Median of RV(seconds).
  returned: success
  type: float
minimum:
  description: Shortest time.
  returned: success
  type: float
maximum:
  description: Longest time.
  returned: success
  type: float
lines:
  description: Output of the last start.
  returned: success
  type: list
  elements: str
"""

import re

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.measure.startup import (
    StartError,
    one_start,
    summary,
)


def main() -> None:
    """Measure the startup time of a command."""
    module = AnsibleModule(
        argument_spec={
            "argv": {"type": "list", "elements": "str", "required": True},
            "says": {"type": "str", "required": True},
            "stop": {"type": "list", "elements": "str", "default": []},
            "repeat": {"type": "int", "default": 30},
            "timeout": {"type": "float", "default": 60},
        },
    )
    given = module.params
    if given["repeat"] < 1:
        module.fail_json(msg=f"repeat is {given['repeat']}. Give at least 1.")
    try:
        says = re.compile(given["says"])
    except re.error as error:
        module.fail_json(msg=f"says is not a valid regular expression: {error}")
    seconds: list[float] = []
    for _ in range(given["repeat"]):
        try:
            took, lines = one_start(given["argv"], says, given["timeout"])
        except (StartError, OSError) as error:
            module.fail_json(msg=str(error), seconds=seconds)
        finally:
            if given["stop"]:
                module.run_command(given["stop"])
        seconds.append(round(took, 4))
    module.exit_json(changed=False, seconds=seconds, lines=lines, **summary(seconds))


if __name__ == "__main__":
    main()
