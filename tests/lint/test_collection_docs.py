"""The collection's documentation: complete, valid for Ansible's own tools, and with an example for each option."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ansible_test
import pytest
import yaml

from slipway import __version__
from slipway.module_pages import PAGES, pages

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MODULES = sorted((ROOT / "library").glob("*.py"))
# Ansible's own checks of modules. `ansible-test sanity` installs its requirements from the internet before it starts
# this program; here, they are a part of the environment.
VALIDATE = Path(ansible_test.__path__[0], "_util/controller/sanity/validate-modules/validate.py")
IGNORED = ROOT / "tests/sanity/ignore-2.19.txt"


def section(path: Path, name: str):
    """Return a block of a module's documentation."""
    text = re.search(rf'^{name} = r"""\n(.*?)^"""', path.read_text(), re.DOTALL | re.MULTILINE)
    assert text, f"{path.name} has no {name}"
    return yaml.safe_load(text[1])


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """A copy of the collection in the directories that Ansible's tools expect."""
    top = tmp_path_factory.mktemp("tree")
    folder = top / "ansible_collections/slipway/lab"
    folder.mkdir(parents=True)
    for name in ("galaxy.yml", "README.md", "LICENSE", "CHANGELOG.md", "meta", "plugins", "roles"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    return folder


def run(collection, *command):
    """Run a program in the collection; return its exit code and its output."""
    top = collection.parents[2]
    environment = {
        **os.environ,
        "PYTHONPATH": str(top),
        "ANSIBLE_COLLECTIONS_PATH": str(top),
        "PATH": f"{BIN}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        [*map(str, command)], cwd=collection, env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow_lint
def test_modules_are_valid(collection):
    """As `ansible-test sanity --test validate-modules` does, with the same list of exceptions."""
    ignored = {tuple(line.split()) for line in IGNORED.read_text().splitlines()}
    flags = ("--format", "plain", "--arg-spec", "--collection", "ansible_collections/slipway/lab")
    modules = [f"plugins/modules/{path.name}" for path in MODULES]
    code, output = run(
        collection, sys.executable, VALIDATE, *flags, "--collection-version", __version__, *modules
    )
    found = re.findall(r"^(\S+?):\d+:\d+: [EW]([a-z0-9-]+) (.*)$", output, re.MULTILINE)
    assert found or code == 0, output
    seen = {(path, f"validate-modules:{rule}") for path, rule, _ in found}
    wrong = [one for one in found if (one[0], f"validate-modules:{one[1]}") not in ignored]
    assert wrong == []
    assert ignored <= seen, "exceptions that are no longer needed"


@pytest.mark.slow_lint
def test_the_documentation_is_valid(collection):
    code, output = run(
        collection, "antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck",
        collection,
    )  # fmt: skip
    assert code == 0, output


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_each_option_is_used_in_an_example(path):
    examples = section(path, "EXAMPLES")
    name = f"slipway.lab.{path.stem}"
    used = {option for task in examples for option in task.get(name) or {}}
    options = section(path, "DOCUMENTATION").get("options", {})
    aliases = {alias for option in options.values() for alias in option.get("aliases", [])}
    nested = [
        one
        for task in examples
        for key in ("apps", "workloads")
        if isinstance(found := (task.get(name) or {}).get(key), list)
        for one in found
    ]
    assert set(options) - used - aliases - {key for one in nested for key in one} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_documentation_has_all_parts(path):
    documentation = section(path, "DOCUMENTATION")
    assert documentation["module"] == path.stem
    for key in ("short_description", "description", "version_added", "author", "seealso"):
        assert documentation.get(key), key
    assert {"check_mode", "diff_mode"} <= documentation["attributes"].keys()
    assert "SPDX-License-Identifier: Apache-2.0" in path.read_text().split('"""')[0]
    for key, value in section(path, "RETURN").items():
        assert value["description"] and value["returned"] and value["type"], key


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_that_reads_and_one_that_writes_refer_to_each_other(path):
    if not path.stem.endswith("_info"):
        return
    twin = ROOT / "library" / f"{path.stem.removesuffix('_info')}.py"
    if twin.exists():
        for one, other in ((path, twin), (twin, path)):
            linked = {entry.get("module") for entry in section(one, "DOCUMENTATION")["seealso"]}
            assert f"slipway.lab.{other.stem}" in linked


@pytest.mark.slow_lint
def test_the_pages_of_the_modules_are_current():
    texts = pages()
    assert {path.name for path in PAGES.glob("*.md")} == texts.keys()
    stale = [name for name, text in texts.items() if (PAGES / name).read_text() != text]
    assert stale == [], "run: python -m slipway.module_pages"
