#!/usr/bin/python
"""Ansible module: run a command in a container of an application."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_exec
short_description: Run a command in a container of a workload
description:
  - Runs a command as a list of arguments, without a shell, in one ready pod of a workload, or in
    all.
  - A return code other than 0 is a failure unless O(check_rc) is false.
options:
  name:
    description: Name of the workload.
    type: str
  kind:
    description: Kind of the workload. Found by the name when left out.
    type: str
    choices: [Deployment, StatefulSet, DaemonSet, Job, CronJob]
  namespace:
    description: Namespace.
    type: str
    default: default
  pod:
    description: Name of a pod, instead of O(name).
    type: str
  selector:
    description: Label selector of pods, instead of O(name).
    type: str
  container:
    description: Container. The first when left out.
    type: str
  argv:
    description: Command and arguments.
    type: list
    elements: str
    required: true
  stdin:
    description: Text for the standard input. Needs Kubernetes 1.30 or newer.
    type: str
  all:
    description: Run in all ready pods, not only in the first.
    type: bool
    default: false
  check_rc:
    description: Whether a return code other than 0 is a failure.
    type: bool
    default: true
  timeout:
    description: Seconds for each command.
    type: int
    default: 60
extends_documentation_fragment: [slipway.lab.kube_auth]
attributes:
  check_mode:
    support: none
    description: Skipped, because what a command does is not known.
author:
  - Slipway
notes:
  - Always reports changed, as M(ansible.builtin.command) does.
"""

EXAMPLES = r"""
- name: Ask the application for its host name
  workload_exec:
    name: hello-node
    argv: [cat, /etc/hostname]
  register: answer
  changed_when: false
"""

RETURN = r"""
results:
  description: For each pod C(pod), C(container), C(rc), C(stdout), C(stderr).
  returned: always
  type: list
  elements: dict
rc:
  description: Greatest return code.
  returned: always
  type: int
stdout:
  description: Standard output of the first pod.
  returned: always
  type: str
stdout_lines:
  description: The same as lines.
  returned: always
  type: list
stderr:
  description: Standard error of the first pod.
  returned: always
  type: str
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import REFERENCE
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.command import run_command

OPTIONS = {
    **REFERENCE,
    "pod": {"type": "str"},
    "selector": {"type": "str"},
    "container": {"type": "str"},
    "argv": {"type": "list", "elements": "str", "required": True},
    "stdin": {"type": "str"},
    "all": {"type": "bool", "default": False},
    "check_rc": {"type": "bool", "default": True},
    "timeout": {"type": "int", "default": 60},
}


def main() -> None:
    """Run a command in containers of a workload."""
    module = kube_module(
        OPTIONS,
        supports_check_mode=False,
        mutually_exclusive=[("name", "pod", "selector")],
        required_one_of=[("name", "pod", "selector")],
    )
    run_module(module, run_command)


if __name__ == "__main__":
    main()
