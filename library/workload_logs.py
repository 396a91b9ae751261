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

import re

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import (
    REFERENCE,
    check_reference,
    pods_for,
)

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
DURATION = re.compile(r"(\d+)([smhd]?)")
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
LARGEST = 16 << 20


def query_of(params: dict) -> dict:
    """Query parameters of each request. Raises KubeError for a mistake."""
    if params["tail"] < 0:
        raise KubeError("tail: a number from 0")
    query = {
        "tailLines": params["tail"],
        "previous": params["previous"],
        "timestamps": params["timestamps"],
        "limitBytes": LARGEST,
    }
    if params.get("since"):
        match = DURATION.fullmatch(params["since"].strip())
        if not match or int(match[1]) == 0:
            raise KubeError(f"since: {params['since']!r} is no duration; write 30s, 10m, 2h or 1d")
        query["sinceSeconds"] = int(match[1]) * UNITS[match[2]]
    return query


def pattern_of(params: dict) -> re.Pattern | None:
    """The compiled pattern. Raises KubeError when it is not one."""
    try:
        return re.compile(params["grep"]) if params.get("grep") else None
    except re.error as error:
        raise KubeError(f"grep: {params['grep']!r} is no regular expression: {error}") from error


def read(module) -> dict:
    """Read all containers side by side."""
    params = module.params
    check_reference(params)
    query, pattern = query_of(params), pattern_of(params)
    client = KubeClient(params)
    pods = pods_for(client, Discovery(client), params)
    places = [
        (pod["metadata"]["name"], container["name"])
        for pod in pods
        for container in pod["spec"]["containers"]
        if params.get("container") in (None, container["name"])
    ]
    if params.get("container") and pods and not places:
        raise KubeError(f"no pod has a container {params['container']}")
    root = f"/api/v1/namespaces/{path_segment(params['namespace'])}/pods"
    texts = client.parallel(
        lambda place: client.text(
            f"{root}/{path_segment(place[0])}/log", container=place[1], **query
        ),
        places,
    )
    logs = []
    for (pod, container), text in zip(places, texts, strict=True):
        failed = isinstance(text, KubeError)
        lines = [] if failed else text.rstrip("\n").splitlines()
        chosen = [line for line in lines if pattern is None or pattern.search(line)]
        problem = str(text) if failed else ""
        logs.append({"pod": pod, "container": container, "lines": chosen, "problem": problem})
    if logs and all(entry["problem"] for entry in logs):
        raise KubeError("\n".join(sorted({entry["problem"] for entry in logs})), logs=logs)
    return {
        "logs": logs,
        "lines": [f"{entry['pod']}: {line}" for entry in logs for line in entry["lines"]],
    }


def main() -> None:
    """Run the module."""
    module = kube_module(
        OPTIONS,
        mutually_exclusive=[("name", "pod", "selector")],
        required_one_of=[("name", "pod", "selector")],
    )
    run_module(module, read)


if __name__ == "__main__":
    main()
