"""The scripts of the role bundle as modules."""

import importlib.util
from pathlib import Path

import pytest

FILES = Path(__file__).parents[4] / "roles/bundle/files"


def load_script(name: str):
    spec = importlib.util.spec_from_file_location(name, FILES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def download_wheels():
    return load_script("download_wheels")
