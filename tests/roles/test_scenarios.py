"""Each Molecule scenario, whole: create, converge, idempotence, verify, destroy."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted(path.parent.name for path in ROOT.glob("molecule/*/molecule.yml"))
# A cluster of their own and minutes of watching it, or a file of more than a GB. What registry and front do is also
# seen by the acceptance tests.
LONG = {"bundle", "front", "kubernetes", "logging", "monitoring", "registry"}


# Scenarios of the usual run whose drift takes minutes more.
WITH_DRIFT = ("lxc", "minikube")


@pytest.mark.parametrize(
    "scenario",
    [pytest.param(name, marks=pytest.mark.long if name in LONG else ()) for name in SCENARIOS],
)
def test_scenario(scenario, capfd):
    run(scenario, capfd, drift=scenario in LONG)


@pytest.mark.long
@pytest.mark.parametrize("scenario", WITH_DRIFT)
def test_drift_is_repaired(scenario, capfd):
    run(scenario, capfd, drift=True)


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
