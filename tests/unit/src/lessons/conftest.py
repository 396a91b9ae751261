"""The practice of the lesson ``demo``, as a student has it on this terminal."""

from dataclasses import replace
from pathlib import Path

import pytest

from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.lessons.practice_state import open_practice, practice_folder
from support.practice import make_scene

PROJECT = Path(__file__).resolve().parents[3] / "fixtures/project"
LINES = CommandLine(launcher="./slipway")


@pytest.fixture
def project(tmp_path):
    """The tests' project, with a state of its own."""
    found = locate(environ={"SLIPWAY_PROJECT": str(PROJECT), "HOME": str(tmp_path)})
    return replace(found, state=tmp_path / "state")


@pytest.fixture
def practice(project, tmp_path):
    make_scene(tmp_path / "bin", practice_folder(project))
    return open_practice(project, LINES, "en")


@pytest.fixture
def file(practice):
    """The file that the tasks write."""
    return Path(practice.scene.values["file"])
