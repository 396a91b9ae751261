"""Each Molecule scenario, whole: create, converge, idempotence, verify, destroy."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted(path.parent.name for path in ROOT.glob("molecule/*/molecule.yml"))
# The scenario of a usual run, without the drift that takes minutes more. The acceptance tests apply most of the other
# roles too, once and again.
USUAL = "docker"


@pytest.mark.parametrize(
    "scenario",
    [pytest.param(name, marks=() if name == USUAL else pytest.mark.long) for name in SCENARIOS],
)
def test_scenario(scenario, capfd):
    run(scenario, capfd, drift=scenario != USUAL)


def run(scenario, capfd, drift):
    environment = {**os.environ, **({"SLIPWAY_DRIFT": "1"} if drift else {})}
    with capfd.disabled():  # minutes of work must not look hung
        try:
            done = subprocess.run(
                ["molecule", "test", "-s", scenario, "--destroy", "always"],
                cwd=ROOT,
                env=environment,
                timeout=2400,
            )
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            subprocess.run(["molecule", "destroy", "-s", scenario], cwd=ROOT, env=environment)
            raise
    assert done.returncode == 0, f"see above; again: molecule test -s {scenario}"
