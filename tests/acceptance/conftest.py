"""A lab of its own for the acceptance tests."""

import pytest

from lab import Slipway


@pytest.fixture(scope="session")
def slipway():
    """The command; whatever a test does, no lab is left behind."""
    command = Slipway()
    yield command
    assert command.run("down").returncode == 0


@pytest.fixture(scope="session")
def lab(slipway):
    """A lab made from nothing: what ``up --json`` told."""
    slipway.json("down")
    return slipway.json("up")
