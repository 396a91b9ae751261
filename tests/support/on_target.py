"""Run a module with the Python of a target. The tests start this file with that Python, which has no pytest.

Usage: on_target.py import | on_target.py MODULE <OPTIONS
"""

import importlib
import importlib.util
import json
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "ansible_collections.slipway.lab.plugins.module_utils"
sys.path.insert(0, str(ROOT / "collections"))


def load(path):
    """Load a file of library/."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def import_all():
    """Import all modules and their shared code; return the traceback of each file that failed."""
    failed = {}
    shared = ROOT / "plugins/module_utils"
    for path in sorted([*(ROOT / "library").glob("*.py"), *shared.rglob("*.py")]):
        try:
            if path.parent.name == "library":
                load(path)
            elif path.stem != "__init__":
                importlib.import_module(
                    ".".join([PACKAGE, *path.relative_to(shared).with_suffix("").parts])
                )
        except Exception:  # whatever a newer Python has and this one has not
            failed[str(path.relative_to(ROOT))] = traceback.format_exc()
    return failed


if sys.argv[1] == "import":
    print(json.dumps(import_all()))
else:
    from ansible.module_utils.testing import patch_module_args

    with patch_module_args(json.load(sys.stdin)):
        load(ROOT / "library" / (sys.argv[1] + ".py")).main()
