"""An engine of its own for each test, which does not exist: locks and labs of the machine stay out of the tests."""

import pytest


@pytest.fixture(autouse=True)
def no_engine(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine")
