#!/usr/bin/python
"""Ansible module: logs of many pods."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_logs
short_description: Read logs of all pods of a workload
description:
  - Reads the logs of many pods side by side, limited by time, lines and a pattern.
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
    description: Only this container. All when left out.
    type: str
  tail:
    description: Number of last lines of each container, before O(grep).
    type: int
    default: 100
  since:
    description: Only lines of the last seconds, or since a duration such as V(10m) or V(2h).
    type: str
  grep:
    description: Only lines in which this regular expression is found.
    type: str
  previous:
    description: Logs of the run before the last restart.
    type: bool
    default: false
  timestamps:
    description: Start each line with its time.
    type: bool
    default: false
extends_documentation_fragment: [slipway.lab.kube_auth]
attributes:
  check_mode:
    support: full
    description: Changes nothing.
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Errors of the last ten minutes
  workload_logs:
    name: web
    since: 10m
    tail: 10000
    grep: "(?i)error"
  register: logs
"""

RETURN = r"""
logs:
  description: For each container C(pod), C(container), C(lines), and C(problem) when it could not
    be read.
  returned: always
  type: list
  elements: dict
lines:
  description: All lines, each after the name of its pod.
  returned: always
  type: list
  elements: str
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import REFERENCE
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.logs import read_logs

OPTIONS = {
    **REFERENCE,
    "pod": {"type": "str"},
    "selector": {"type": "str"},
    "container": {"type": "str"},
    "tail": {"type": "int", "default": 100},
    "since": {"type": "str"},
    "grep": {"type": "str"},
    "previous": {"type": "bool", "default": False},
    "timestamps": {"type": "bool", "default": False},
}


def main() -> None:
    """Read logs of many pods."""
    module = kube_module(
        OPTIONS,
        mutually_exclusive=[("name", "pod", "selector")],
        required_one_of=[("name", "pod", "selector")],
    )
    run_module(module, read_logs)


if __name__ == "__main__":
    main()
