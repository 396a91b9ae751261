#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: send requests at a constant rate, and count every one."""

from __future__ import annotations

DOCUMENTATION = r"""
module: http_load
short_description: Send requests to a URL at a constant rate and count every one
version_added: 0.1.0
description:
  - Runs the load generator vegeta. It sends requests at a constant rate whether or not responses arrive, and records
    the time, status and latency of each request. A slow or failing application does not reduce the rate.
  - The load can run in parallel with other tasks, from V(started) to V(stopped).
options:
  state:
    description:
      - V(started) starts the load and returns immediately.
      - V(stopped) stops the load and returns the results.
      - V(ran) starts the load, waits for O(seconds) and returns the results.
    type: str
    choices: [started, stopped, ran]
    required: true
  name:
    description: Name of the load, which distinguishes loads that run at the same time.
    type: str
    default: load
  url:
    description: URL of the requests. Required unless O(state=stopped).
    type: str
  headers:
    description: Headers of each request.
    type: dict
    default: {}
  rate:
    description: Requests per second.
    type: int
    default: 50
  seconds:
    description: Longest duration in seconds. The load ends by itself after this time.
    type: int
    default: 600
  keepalive:
    description:
      - Reuse connections. By default, each request opens a new connection, so that a Service distributes requests and
        not only connections.
    type: bool
    default: false
  timeout:
    description: Seconds after which a request without a response counts as failed.
    type: int
    default: 5
  group_by:
    description: Regular expression with one group. Responses are counted by the text that the group matches in their
      bodies.
    type: str
    default: ""
  directory:
    description: Directory for the files of the load.
    type: path
    required: true
  program:
    description: Path of vegeta. Not needed to stop a load that was not started.
    type: path
    required: true
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: none
    details: The task is skipped, because the results are unknown without requests.
  diff_mode:
    support: none
requirements:
  - vegeta
notes:
  - Never reports a change. The requests are sent from the host on which the module runs.
seealso:
  - module: slipway.lab.lesson_measurement
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Start a load of 100 requests per second
  slipway.lab.http_load:
    state: started
    url: http://10.213.0.11:30080/hostname
    rate: 100
    directory: /tmp/load
    program: /usr/bin/vegeta

- name: Stop the load, and fail when a request failed
  slipway.lab.http_load:
    state: stopped
    group_by: '(\S+)'
    directory: /tmp/load
    program: /usr/bin/vegeta
  register: load
  failed_when: load.failed_requests > 0

- name: Measure the latency over open connections for 30 seconds
  slipway.lab.http_load:
    state: ran
    name: keepalive
    url: https://shop.example/
    headers: {Accept: application/json}
    seconds: 30
    keepalive: true
    timeout: 2
    directory: /tmp/load
    program: /usr/bin/vegeta
"""

RETURN = r"""
requests:
  description: Number of requests.
  returned: unless O(state=started)
  type: int
failed_requests:
  description: Number of requests without a response, or with an error status.
  returned: unless O(state=started)
  type: int
failures:
  description: The first failed requests, each with C(second), C(status) and C(error).
  returned: unless O(state=started)
  type: list
  elements: dict
answers:
  description: Number of responses by the text that O(group_by) matched.
  returned: unless O(state=started)
  type: dict
latency:
  description: Quantiles of the successful requests in milliseconds, as C(p50), C(p95), C(p99), C(max).
  returned: unless O(state=started)
  type: dict
series:
  description: For each second C(second), C(requests), C(failed), C(answers), C(p50), C(p95), C(max).
  returned: unless O(state=started)
  type: list
  elements: dict
began:
  description: Time of the first request, in seconds since the epoch.
  returned: unless O(state=started)
  type: float
seconds:
  description: Seconds between the first and the last request.
  returned: unless O(state=started)
  type: float
rate:
  description: Measured requests per second.
  returned: unless O(state=started)
  type: float
"""

import json
import subprocess
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common import (
    background_process as background,
)
from ansible_collections.slipway.lab.plugins.module_utils.measure.load_report import report

MAX_BODY_SIZE = 4096


def start(module: AnsibleModule, directory: Path) -> int:
    """Start the load; return its process id."""
    given, name = module.params, module.params["name"]
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    (directory / f"{name}.bin").unlink(missing_ok=True)
    target = [
        f"GET {given['url']}",
        *(f"{key}: {value}" for key, value in given["headers"].items()),
    ]
    (directory / f"{name}.targets").write_text("\n".join(target) + "\n")
    command = [given["program"], "attack", "-targets", f"{name}.targets", "-output", f"{name}.bin"]
    command += ["-rate", f"{given['rate']}/1s", "-duration", f"{given['seconds']}s"]
    command += ["-timeout", f"{given['timeout']}s", f"-keepalive={str(given['keepalive']).lower()}"]
    command += ["-max-body", str(MAX_BODY_SIZE), "-redirects=-1"]
    return background.start(directory, name, command)


def read(module: AnsibleModule, directory: Path) -> dict:
    """Return what the load saw."""
    given, name = module.params, module.params["name"]
    done = subprocess.run(
        [given["program"], "encode", "-to", "json", f"{name}.bin"],
        cwd=directory, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = directory / f"{name}.log"
        more = said.read_text().strip() if said.exists() else ""
        module.fail_json(
            msg=f"the load {name} left nothing to report: {done.stderr.strip()} {more}".strip()
        )
    found = report((json.loads(line) for line in done.stdout.splitlines()), given["group_by"])
    # `failed` is Ansible's own word for the task.
    return {"failed_requests" if key == "failed" else key: value for key, value in found.items()}


def main() -> None:
    """Start or stop a load."""
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "required": True, "choices": ["started", "stopped", "ran"]},
            "name": {"type": "str", "default": "load"},
            "url": {"type": "str"},
            "headers": {"type": "dict", "default": {}},
            "rate": {"type": "int", "default": 50},
            "seconds": {"type": "int", "default": 600},
            "keepalive": {"type": "bool", "default": False},
            "timeout": {"type": "int", "default": 5},
            "group_by": {"type": "str", "default": ""},
            "directory": {"type": "path", "required": True},
            "program": {"type": "path", "required": True},
        },
        required_if=[("state", "started", ["url"]), ("state", "ran", ["url"])],
    )
    state, directory = module.params["state"], Path(module.params["directory"])
    if not Path(module.params["program"]).exists():
        module.fail_json(
            msg=f"there is no {module.params['program']}; the mirror's set lessons has vegeta"
        )
    if state != "stopped":
        pid = start(module, directory)
        if state == "started":
            module.exit_json(changed=False, pid=pid)
        background.wait(pid, module.params["seconds"] + module.params["timeout"] + 1)
    background.stop(directory, module.params["name"])
    module.exit_json(changed=False, **read(module, directory))


if __name__ == "__main__":
    main()
