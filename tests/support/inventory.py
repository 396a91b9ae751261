"""Values of variables, as the inventories of the project give them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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
