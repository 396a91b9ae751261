"""Situations of hosts from public trackers: each script of tests/cases/hosts on the lab of these tests."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from support.lab import INVENTORIES, LAB

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "tests/cases/hosts").glob("[0-9]*.sh"))
PASSED, SKIPPED = 0, 77


@pytest.fixture(scope="module")
def checkout(lab, tmp_path_factory):
    """A copy of the project whose inventories/lab describes the lab of these tests."""
    copy = tmp_path_factory.mktemp("cases") / "slipway"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(".git", "__pycache__"))
    variables = next(INVENTORIES[1].glob("group_vars/all/*.yml"))
    shutil.copy(variables, copy / "inventories/lab/group_vars/all/of_these_tests.yml")
    hosts = copy / "inventories/lab/hosts.yml"
    inventory = yaml.safe_load(hosts.read_text())
    addresses = yaml.safe_load((INVENTORIES[1] / "hosts.yml").read_text())
    inventory["all"]["children"].update(addresses)
    hosts.write_text(yaml.safe_dump(inventory, sort_keys=False))
    return copy


@pytest.mark.parametrize("script", CASES, ids=lambda path: path.stem)
def test_case(checkout, script):
    # The other cases bring a lab of their own, beside inventories/lab as it is.
    on_lab = "# needs: running lab" in script.read_text()
    root = checkout if on_lab else ROOT
    done = subprocess.run(
        ["sh", str(root / script.relative_to(ROOT))],
        cwd=root,
        env={
            **os.environ,
            "SLIPWAY_ROOT": str(root),
            **({"SLIPWAY_LAB": LAB} if on_lab else {}),
        },
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
    )
    if done.returncode == SKIPPED:
        pytest.skip(done.stdout.splitlines()[-1])
    assert done.returncode == PASSED, done.stdout + done.stderr
