"""Situations of workloads from public trackers: each playbook of tests/cases/workloads on the lab of these tests."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.lab import ROOT

pytestmark = pytest.mark.long
CASES = sorted((ROOT / "tests/cases/workloads").glob("[0-9]*.yml"))
# Each has a namespace of its own, and most of them wait most of the time.
AT_ONCE = 3


@pytest.fixture(scope="module")
def results(kubeconfig, slipway):
    """The outcome of each case by its name."""
    environment = {
        **os.environ,
        "KUBECONFIG": str(kubeconfig),
        "CASE_KUBECTL": str(slipway.state / "bin/kubectl"),
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    def run(case: Path) -> subprocess.CompletedProcess[str]:
        command = ["ansible-playbook", "-i", "localhost,", str(case)]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
        )  # fmt: skip

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip([case.stem for case in CASES], pool.map(run, CASES), strict=True))


@pytest.mark.parametrize("case", [case.stem for case in CASES])
def test_case(results, case):
    done = results[case]
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
