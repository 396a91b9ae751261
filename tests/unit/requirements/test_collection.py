"""The collection declares what it needs for ansible-builder."""

import ast
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = {"yaml": "PyYAML", "websocket": "websocket-client"}
OWN = {"ansible", "ansible_collections", "__future__"}


def imported():
    """Return the third-party packages that modules and plugins import."""
    found = set()
    for folder in ("library", "plugins"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    found.add(node.module.split(".")[0])
    return {PACKAGES.get(name, name) for name in found - set(sys.stdlib_module_names) - OWN}


def required(path):
    """Return the names of the packages in a requirements file."""
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return {line.split(">=")[0].split("==")[0].split("[")[0].strip() for line in lines if line}


def test_requirements_name_what_is_imported():
    assert required(ROOT / "requirements.txt") == imported()


def test_execution_environment_names_files_of_the_collection():
    content = yaml.safe_load((ROOT / "meta/execution-environment.yml").read_text())
    assert content["dependencies"] == {"python": "requirements.txt", "system": "bindep.txt"}
    assert all((ROOT / name).is_file() for name in content["dependencies"].values())


def test_dependencies_are_the_same_in_both_files():
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())["dependencies"]
    listed = yaml.safe_load((ROOT / "collections/requirements.yml").read_text())["collections"]
    assert {one["name"]: one["version"] for one in listed} == galaxy
