#!/usr/bin/python
"""Ansible module: constant load on a URL, every request counted."""

from __future__ import annotations

DOCUMENTATION = r"""
module: http_load
short_description: Put constant load on a URL and count every request
description:
  - Runs the load generator vegeta, which sends requests at a constant rate whether or not answers come, and notes
    time, status and latency of each. A slow or failing application is never asked less often.
  - It may run beside other tasks, between V(started) and V(stopped).
options:
  state:
    description: V(started) returns at once, V(stopped) ends it and reports, V(ran) does both after O(seconds).
    type: str
    choices: [started, stopped, ran]
    required: true
  name:
    description: Name, to tell loads apart that run at once.
    type: str
    default: load
  url:
    description: What to ask. Required unless V(stopped).
    type: str
  headers:
    description: Headers of each request.
    type: dict
    default: {}
  rate:
    description: Requests in a second.
    type: int
    default: 50
  seconds:
    description: How long at most. A load that nobody stops ends by itself.
    type: int
    default: 600
  keepalive:
    description:
      - Whether connections are used again. By default each request has a connection of its own, so that a service
        spreads requests, not only connections.
    type: bool
    default: false
  timeout:
    description: Seconds after which a request without an answer has failed.
    type: int
    default: 5
  group_by:
    description: Regular expression with one group. Answers are counted by what it finds in their bodies.
    type: str
    default: ""
  directory:
    description: Directory for its files.
    type: path
    required: true
  program:
    description: Path of vegeta. Required unless V(stopped) of a load that did not run.
    type: path
    required: true
attributes:
  check_mode:
    support: none
    description: Skipped, because nothing is known without asking.
author:
  - Slipway
notes:
  - Never reports changed. Runs on the machine that the requests come from.
"""

EXAMPLES = r"""
- name: Ask a hundred times a second from now on
  http_load:
    state: started
    url: http://10.213.0.11:30080/hostname
    rate: 100
    directory: /tmp/load
    program: /usr/bin/vegeta

- name: See how it went
  http_load: {state: stopped, group_by: '(\S+)', directory: /tmp/load, program: /usr/bin/vegeta}
  register: load
  failed_when: load.failed_requests > 0
"""

RETURN = r"""
requests:
  description: Number of requests.
  returned: unless V(started)
  type: int
failed_requests:
  description: Number of requests without an answer, or with one that is no success.
  returned: unless V(started)
  type: int
failures:
  description: The first of them, with the second, the status and the error of each.
  returned: unless V(started)
  type: list
answers:
  description: Number of answers by what O(group_by) found.
  returned: unless V(started)
  type: dict
latency:
  description: Quantiles of good answers in milliseconds, as C(p50), C(p95), C(p99), C(max).
  returned: unless V(started)
  type: dict
series:
  description: For each second C(second), C(requests), C(failed), C(answers), C(p50), C(p95), C(max).
  returned: unless V(started)
  type: list
began:
  description: Time of the first request, in seconds of the epoch.
  returned: unless V(started)
  type: float
seconds:
  description: Time between the first and the last request.
  returned: unless V(started)
  type: float
rate:
  description: Requests in a second, as measured.
  returned: unless V(started)
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

LARGEST_BODY = 4096


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
    command += ["-max-body", str(LARGEST_BODY), "-redirects=-1"]
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
    """Run the module."""
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
