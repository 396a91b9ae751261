#!/usr/bin/python
"""Ansible module: how long something takes to start, many times."""

from __future__ import annotations

DOCUMENTATION = r"""
module: startup_time
short_description: Measure how long something takes to start, many times
description:
  - Runs a command until a line of its output says that it is there, ends it, and does so again.
  - The time is that from the command to the line, so that processes, containers and virtual machines are measured
    alike.
options:
  argv:
    description: The command.
    type: list
    elements: str
    required: true
  says:
    description: Regular expression that the line matches.
    type: str
    required: true
  stop:
    description: Command after each start that ends what outlives the command. Its time does not count.
    type: list
    elements: str
    default: []
  repeat:
    description: How many times.
    type: int
    default: 30
  timeout:
    description: Seconds that one start may take.
    type: float
    default: 60
attributes:
  check_mode:
    support: none
    description: Skipped, because nothing is known without starting it.
author:
  - Slipway
notes:
  - Never reports changed.
"""

EXAMPLES = r"""
- name: Start a container thirty times
  startup_time:
    argv: [docker, run, --name, tried, busybox, echo, ready]
    says: ^ready
    stop: [docker, rm, --force, tried]
  register: container
"""

RETURN = r"""
seconds:
  description: Time of each start.
  returned: success
  type: list
  elements: float
median:
  description: Half of the starts were quicker.
  returned: success
  type: float
minimum:
  description: The quickest.
  returned: success
  type: float
maximum:
  description: The slowest.
  returned: success
  type: float
lines:
  description: What the last start said.
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
    """Run the module."""
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
        module.fail_json(msg=f"says is no regular expression: {error}")
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
