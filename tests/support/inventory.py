"""Values of variables, as the inventories of the project give them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

try:  # ansible-core 2.19 renders only templates from trusted sources
    from ansible.template import trust_as_template
except ImportError:
    trust_as_template = str

ROOT = Path(__file__).resolve().parents[2]


def variable(inventory: str, name: str, **extra: Any) -> Any:
    """Return the value of a variable of the control machine.

    Args:
        inventory: Directory below inventories/.
        name: Name of the variable, or an expression.
        extra: Variables that override those of the inventory.
    """
    command = [str(Path(sys.executable).parent / "ansible"), "localhost"]
    command += ["-i", f"inventories/{inventory}", "-e", "@upstream/versions.yml"]
    command += ["-m", "debug", "-a", f"var={name}", "-e", json.dumps(extra)]
    environment = {**os.environ, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.partition("=>")[2])[name]


def trusted(value: Any) -> Any:
    """Return a value of a file as a template, as Ansible reads it."""
    if isinstance(value, dict):
        return {name: trusted(one) for name, one in value.items()}
    if isinstance(value, list):
        return [trusted(one) for one in value]
    return trust_as_template(value) if isinstance(value, str) else value


def rendered(variables: dict[str, Any], name: str, **given: Any) -> Any:
    """Return the value of one of the variables of a file, in the presence of others."""
    known = trusted(variables)
    return Templar(DataLoader(), variables={**known, **given}).template(known[name])
