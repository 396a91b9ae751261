"""Situations of hosts from public trackers that need Docker or the lab of these tests."""

import shutil

import pytest
import yaml

from support.host_cases import CASES, ON_LAB, WITHOUT_LAB, check_case
from support.lab import INVENTORIES, LAB, ROOT

pytestmark = pytest.mark.long


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


@pytest.mark.parametrize(
    "script", [one for one in CASES if one not in WITHOUT_LAB], ids=lambda path: path.stem
)
def test_case(checkout, script):
    # The cases with Docker bring a host of their own, beside inventories/lab as it is.
    if script in ON_LAB:
        check_case(script, checkout, SLIPWAY_LAB=LAB)
    else:
        check_case(script, ROOT)
