"""The collection declares what it needs for ansible-builder."""

import ast
import sys
from collections import defaultdict
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


# Names that modules and plugins import from packages. The oldest versions of requirements.txt have them: the tests of
# kube/exec.py, kube/channel.py and kube/official_client.py passed with kubernetes 24.2.0 and websocket-client 1.0.0.
IN_THE_OLDEST = {
    "kubernetes.client.api_client": {"ApiClient"},
    "kubernetes.client.configuration": {"Configuration"},
    "kubernetes.config": {
        "ConfigException",
        "load_incluster_config",
        "load_kube_config",
        "load_kube_config_from_dict",
    },
    "kubernetes.utils.quantity": {"parse_quantity"},
    "kubernetes.stream.ws_client": {"create_websocket", "get_websocket_url"},
    "websocket": {"ABNF", "WebSocketBadStatusException", "WebSocketException"},
}


def test_the_oldest_versions_have_what_is_used():
    used = defaultdict(set)
    for folder in ("library", "plugins"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                module = getattr(node, "module", None) or ""
                if module.partition(".")[0] in ("kubernetes", "websocket"):
                    used[module] |= {alias.name for alias in node.names}
    assert used == IN_THE_OLDEST


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
