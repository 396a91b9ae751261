"""The name under which packed modules are kept."""

import importlib.util
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "callback_plugins/packed_modules.py"
spec = importlib.util.spec_from_file_location("packed_modules", FILE)
packed_modules = importlib.util.module_from_spec(spec)
spec.loader.exec_module(packed_modules)


def test_name_changes_with_every_module_that_ansible_may_find(tmp_path):
    names = [packed_modules.key(tmp_path)]
    module = tmp_path / "library/mine.py"
    module.parent.mkdir()
    module.write_text("one = 1\n")
    names.append(packed_modules.key(tmp_path))
    module.write_text("three = 3\n")
    names.append(packed_modules.key(tmp_path))
    (tmp_path / "module_utils").mkdir()
    (tmp_path / "module_utils/tool.py").write_text("")
    names.append(packed_modules.key(tmp_path))
    assert len(set(names)) == len(names)
    assert packed_modules.key(tmp_path) == names[-1]
