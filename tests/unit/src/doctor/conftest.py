"""A made-up machine."""

from pathlib import Path

import pytest

from slipway.doctor.docker_api import DockerState
from slipway.doctor.machine import Machine
from slipway.lab.project import Project

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def machine(tmp_path):
    """A machine with nothing on it."""
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project/roles").symlink_to(ROOT / "roles")
    project = Project(
        root=tmp_path / "project",
        cache=tmp_path / "cache",
        state=tmp_path / "state",
        lab="demo",
        inventories=(str(tmp_path / "hosts.yml"),),
    )
    made = Machine(project, root=root, environ={"PATH": str(tmp_path / "bin")}, uid=0)
    made.docker = DockerState()
    made.groups = {}
    return made
