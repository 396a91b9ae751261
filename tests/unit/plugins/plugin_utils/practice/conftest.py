"""The practice of the lesson ``demo``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from support.practice import make_scene


@pytest.fixture
def scene(tmp_path):
    return make_scene(tmp_path / "bin", tmp_path / "state")


@pytest.fixture
def practice(scene, tmp_path):
    return Practice(tmp_path / "state")
