#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: run a command in a container of a workload."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_exec
short_description: Run a command in a container of a workload
version_added: 0.1.0
description:
  - Runs a command as a list of arguments, without a shell, in one ready pod of a workload, or in all of them.
  - A return code other than 0 is a failure unless O(check_rc) is false.
options:
  name:
    description: Name of the workload.
    type: str
  kind:
    description: Kind of the workload. By default, the module finds it by name.
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
    description: Name of the container, also of a sidecar, or of an init container that runs. By default the first
      container.
    type: str
  argv:
    description: Command and arguments.
    type: list
    elements: str
    required: true
  stdin:
    description: Text for the standard input. Requires Kubernetes 1.30 or newer.
    type: str
  all:
    description: Run the command in all ready pods, and not only in the first.
    type: bool
    default: false
  check_rc:
    description: Fail if the return code is not 0.
    type: bool
    default: true
  timeout:
    description: Seconds for each command.
    type: int
    default: 60
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
attributes:
  check_mode:
    support: none
    details: The task is skipped, because the effect of a command is unknown.
  diff_mode:
    support: none
notes:
  - Always reports a change, as M(ansible.builtin.command) does.
seealso:
  - module: slipway.lab.workload_logs
  - module: kubernetes.core.k8s_exec
  - module: kubernetes.core.k8s_cp
    description: Copies files, with the same options of the connection.
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read the host name of the application
  slipway.lab.workload_exec:
    name: hello-node
    argv: [cat, /etc/hostname]
  register: answer
  changed_when: false

- name: Send a line to a program in all pods, and continue when one of them fails
  slipway.lab.workload_exec:
    namespace: shop
    kind: StatefulSet
    name: queue
    container: broker
    argv: [broker-cli, import]
    stdin: "topic orders\n"
    all: true
    check_rc: false
    timeout: 10

- name: Read a file of one pod
  slipway.lab.workload_exec: {namespace: shop, pod: queue-0, argv: [cat, /data/state]}

- name: Read the time in the first ready pod of a selector
  slipway.lab.workload_exec: {namespace: shop, selector: tier=backend, argv: [date]}
"""

RETURN = r"""
results:
  description: For each pod C(pod), C(container), C(rc), C(stdout), C(stderr) and C(truncated).
  returned: always
  type: list
  elements: dict
truncated:
  description: Whether the output of a pod is longer than 16 MiB, so that the rest is missing. The task warns then.
  returned: always
  type: bool
rc:
  description: Greatest return code.
  returned: always
  type: int
stdout:
  description: Standard output of the first pod.
  returned: always
  type: str
stdout_lines:
  description: Standard output of the first pod as lines.
  returned: always
  type: list
  elements: str
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
