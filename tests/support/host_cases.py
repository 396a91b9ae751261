"""Run the situations of hosts from public trackers, in tests/cases/hosts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support.lab import ROOT

CASES = sorted((ROOT / "tests/cases/hosts").glob("[0-9]*.sh"))
WITHOUT_LAB = [case for case in CASES if "# needs: nothing" in case.read_text()]
ON_LAB = [case for case in CASES if "# needs: running lab" in case.read_text()]
PASSED, SKIPPED = 0, 77
# Reasons that only another machine changes. A skip for another reason hides a fault.
OF_THE_MACHINE = (
    "needs ",
    "no private mounts here",
    "no collision was seen",  # a lab that does not exist yet gets a network that is free
    "no dummy interface",
    "no package server answers",
    "no tmpfs",
    "has none already",
    "there is a container minikube",
    "this docker has no contexts",
)


def check_case(script: Path, root: Path, **variables: str) -> None:
    """Run a case, and fail or skip as it does.

    Args:
        script: file of `CASES`.
        root: the checkout on which it runs.
        variables: further environment variables.
    """
    done = subprocess.run(
        ["sh", str(root / script.relative_to(ROOT))],
        cwd=root,
        env={**os.environ, "SLIPWAY_ROOT": str(root), **variables},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode == SKIPPED:
        reason = done.stdout.splitlines()[-1].removeprefix("SKIP: ")
        assert reason.startswith(OF_THE_MACHINE), said
        pytest.skip(reason)
    assert done.returncode == PASSED, said
