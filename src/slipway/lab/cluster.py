"""Read objects of the lab's cluster with its kubectl."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from slipway.errors import SlipwayError
from slipway.lab.project import Project

SECONDS = 10


class ClusterError(SlipwayError):
    """The cluster did not answer, or refused."""


def kubectl_command(project: Project, *words: str) -> list[str]:
    """Return a command line of the lab's kubectl."""
    return [str(project.kubectl), "--kubeconfig", str(project.kubeconfig), *words]


def read_objects(project: Project, *words: str, seconds: int = SECONDS) -> list[dict[str, Any]]:
    """Return the objects that ``kubectl get`` finds.

    Args:
        project: The lab.
        words: Arguments of ``get``.
        seconds: Time for the answer.

    Raises:
        ClusterError: There is no answer.
    """
    command = kubectl_command(project, "get", *words, "--output=json")
    command.append(f"--request-timeout={seconds}s")
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            timeout=seconds + 5,
        )  # fmt: skip
        if done.returncode == 0:
            content = json.loads(done.stdout)
            found: list[dict[str, Any]] = content.get("items", [content])
            return found
        reason = done.stderr.strip().splitlines()[-1:] or ["no answer"]
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        reason = [str(problem)]
    raise ClusterError(f"the cluster cannot be read: {reason[0]}")
