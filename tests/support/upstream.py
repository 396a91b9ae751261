"""Load the tools below upstream/, which are scripts and not modules of a package."""

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
UPSTREAM = ROOT / "upstream"
TOOLS = UPSTREAM / "tools"


def load_tool(name: str) -> ModuleType:
    """Return the tool ``name`` as a module."""
    spec = importlib.util.spec_from_file_location(f"upstream_{name}", TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
