"""The settings of Docker's daemon on this machine, in daemon.json."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from slipway.doctor.machine import Machine

SETTINGS = "etc/docker/daemon.json"
SECONDS = 10


def read_settings(machine: Machine) -> dict[str, Any]:
    """Return the content of daemon.json, empty if it cannot be read.

    Args:
        machine: The machine.
    """
    try:
        content = _content(machine)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def settings_problem(machine: Machine) -> str:
    """Return why a daemon would not start with daemon.json; empty when it would.

    Args:
        machine: The machine.
    """
    path = machine.root / SETTINGS
    if not os.access(path, os.R_OK):
        return ""
    try:
        _content(machine)
    except ValueError as problem:
        return f"it is not valid JSON: {problem}"
    # The same check that the role docker makes: by dockerd itself, with the flags of its unit.
    script = machine.project.root / "roles/docker/files/validate-settings"
    try:
        done = subprocess.run(
            ["/bin/sh", str(script), str(path)],
            env=dict(machine.environ),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    said = (done.stderr or done.stdout).strip().splitlines()
    return said[-1] if done.returncode and said else ""


def _content(machine: Machine) -> Any:
    """Return the content of the file. The daemon accepts a byte order mark, Python's parser does not.

    Raises:
        ValueError: The file is not valid JSON.
    """
    return json.loads(machine.read(SETTINGS).removeprefix("\ufeff").strip() or "{}")
