"""The name under which packed modules are kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[4] / "plugins/callback"
# In a process of its own: where Ansible's controller is loaded, modules in this process warn another way.
SCRIPT = "import sys, pathlib, packed_modules; print(packed_modules.key(pathlib.Path(sys.argv[1])))"


def key(directory, **environment):
    command = [sys.executable, "-c", SCRIPT, directory]
    environment = {**os.environ, **environment}
    return subprocess.run(
        command, cwd=PLUGINS, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.slow
def test_name_changes_with_every_module_that_ansible_may_find(tmp_path):
    names = [key(tmp_path)]
    module = tmp_path / "library/mine.py"
    module.parent.mkdir()
    module.write_text("one = 1\n")
    names.append(key(tmp_path))
    module.write_text("three = 3\n")
    names.append(key(tmp_path))
    (tmp_path / "module_utils").mkdir()
    (tmp_path / "module_utils/tool.py").write_text("")
    names.append(key(tmp_path))
    assert all(names) and len(set(names)) == len(names)
    assert key(tmp_path) == names[-1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["MANIFEST.json", "plugins/modules/thing.py"])
def test_name_changes_with_a_collection_that_is_replaced(tmp_path, name):
    file = tmp_path / "ansible_collections/some/tools" / name
    file.parent.mkdir(parents=True)
    names = []
    for text in ("1", "1.1"):
        file.write_text(text)
        names.append(key(tmp_path, ANSIBLE_COLLECTIONS_PATH=str(tmp_path)))
    assert names[0] != names[1]
