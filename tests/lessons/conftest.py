"""A lab of its own for the lessons."""

import pytest

from support.lab import Slipway


@pytest.fixture(scope="session")
def slipway():
    """The command on a lab that is up; it is removed at the end."""
    command = Slipway()
    command.json("up")
    yield command
    assert command.run("down").returncode == 0
