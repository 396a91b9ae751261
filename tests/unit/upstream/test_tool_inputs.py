"""The mirror counts exactly the inputs of the tools into the keys of what they write."""

import ast
import re
import string

import pytest
import yaml

from support.upstream import ROOT, TOOLS, load_tool

PACKAGE = "ansible_collections.slipway.lab."
VARS = ROOT / "roles/mirror/vars"


def variables(name):
    return yaml.safe_load((VARS / f"{name}.yml").read_text())


def imported(path):
    """Return the collection's files that a file imports, directly or not."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module.startswith(PACKAGE):
            module = ROOT / (node.module.removeprefix(PACKAGE).replace(".", "/") + ".py")
            found |= {module, *imported(module)}
    return found


def test_modules_in_the_key_are_those_that_the_image_tools_import():
    folder = ROOT / "plugins/module_utils/oci"
    declared = {
        folder / path.rpartition("/")[2] for path in variables("main")["mirror_oci_modules"]
    }
    for tool in ("image_layout", "node_image"):
        assert imported(TOOLS / f"{tool}.py") == declared
    assert imported(TOOLS / "release_tree.py") == set()


def test_versions_in_the_key_of_the_node_image_are_those_that_its_tool_uses():
    tool = load_tool("node_image")
    names = [name for name, *_ in (*tool.SINGLE_PROGRAM_IMAGES, *tool.NETWORK_IMAGES)]
    used = {field for name in names for _, field, _, _ in string.Formatter().parse(name) if field}
    assert set(variables("build")["mirror_node_versions"]) == used


def test_programs_of_the_node_image_are_those_that_its_tool_reads():
    tool = load_tool("node_image")

    class Recorder(dict):
        def __missing__(self, name):
            self[name] = TOOLS / name
            return self[name]

    read = Recorder()
    tool.node_files(read)
    for _, program, _ in (*tool.SINGLE_PROGRAM_IMAGES, *tool.NETWORK_IMAGES):
        read[program.partition("/")[0]]
    assert set(variables("build")["mirror_node_programs"]) == set(read) - {"root"}


def commands(value, name=""):
    """Yield each ``command`` below a value of YAML, with the artifact's name."""
    if isinstance(value, dict):
        if "command" in value and "output" in value:
            yield value["name"], value["command"], value
        for entry in value.values():
            yield from commands(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from commands(entry)


@pytest.mark.parametrize("path", sorted(VARS.rglob("*.yml")), ids=lambda path: path.stem)
def test_no_command_names_a_file_of_the_checkout_by_its_place(path):
    """A file in ``{file:}`` counts by its content; any other path in a command would count by its name only."""
    for name, command, _ in commands(yaml.safe_load(path.read_text())):
        text = command if isinstance(command, str) else " ".join(command)
        for place in re.finditer(r"mirror_(?:upstream|images|programs)_dir", text):
            before = text[: place.start()].rstrip()
            assert before.endswith(("{file:{{", "{file:' ~")), name
        assert "./" not in text, name


@pytest.mark.parametrize("path", sorted(VARS.rglob("*.yml")), ids=lambda path: path.stem)
def test_roots_and_programs_count_the_architecture(path):
    for name, command, artifact in commands(yaml.safe_load(path.read_text())):
        text = command if isinstance(command, str) else " ".join(command)
        if "mmdebstrap" in text or "go_program" in text or "go build" in text:
            # both have the architecture
            known = ("{{ mirror_go_inputs ", "{{ mirror_root_inputs ")
            assert artifact["inputs"].startswith(known), name
