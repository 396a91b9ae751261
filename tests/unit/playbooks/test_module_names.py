"""Roles and playbooks call modules by full names, of collections that are declared."""

import re
from pathlib import Path

import pytest
import yaml

from support.playbook_tasks import tasks_of

ROOT = Path(__file__).resolve().parents[3]
CALL = re.compile(r"^\s*-?\s*([a-z]\w*\.[a-z]\w*)\.\w+:", re.MULTILINE)


def test_every_collection_that_is_called_is_declared():
    declared = yaml.safe_load((ROOT / "collections/requirements.yml").read_text())["collections"]
    files = [path for part in ("roles", "playbooks") for path in (ROOT / part).rglob("*.yml")]
    called = {name for path in files for name in CALL.findall(path.read_text())}
    assert "community.docker" in called
    assert called - {"ansible.builtin", "slipway.lab"} <= {one["name"] for one in declared}


def keys_of_tasks(content):
    """Yield the keys of all plays and tasks, and those of their ``module_defaults``."""
    for task in tasks_of(content):
        yield from task
        yield from task.get("module_defaults") or {}


@pytest.mark.slow
def test_modules_of_the_collection_are_called_by_full_names():
    modules = {path.stem for path in (ROOT / "library").glob("*.py")}
    files = [path for part in ("roles", "playbooks") for path in (ROOT / part).rglob("*.yml")]
    keys = {
        path: {key for one in yaml.safe_load_all(path.read_text()) for key in keys_of_tasks(one)}
        for path in files
    }
    assert "slipway.lab.workload" in set().union(*keys.values())
    assert not {
        str(path.relative_to(ROOT)): names & modules
        for path, names in keys.items()
        if names & modules
    }
