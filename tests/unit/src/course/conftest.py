"""The tests' project with its lesson ``demo``, which was started on the lab or not."""

from dataclasses import replace
from pathlib import Path

import pytest

from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.lessons.practice_state import practice_folder
from support.practice import make_scene

PROJECT = Path(__file__).resolve().parents[3] / "fixtures/project"


@pytest.fixture
def lines():
    return CommandLine(" --lab two", "./slipway")


@pytest.fixture
def project(tmp_path):
    found = locate(environ={"SLIPWAY_PROJECT": str(PROJECT), "HOME": str(tmp_path)})
    return replace(found, state=tmp_path / "state")


@pytest.fixture
def scene(project, tmp_path):
    """The scene of ``demo``."""
    found = make_scene(tmp_path / "bin", practice_folder(project))
    values = {**found.values, "lesson": "demo", "node_port": 30081, "url": "http://10.0.0.11:30081"}
    found = replace(found, values=values)
    found.save(practice_folder(project))
    return found
