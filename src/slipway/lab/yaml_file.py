"""Read YAML as Ansible writes it."""

from __future__ import annotations

import os
from pathlib import Path

import yaml


class _Loader(yaml.SafeLoader):
    """YAML as Ansible writes it, without the meaning of its tags (``!vault``, ``!unsafe``)."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def load_yaml(text: str) -> object:
    """Return parsed YAML; ``None`` when it is not valid, because Ansible reports that better."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError:
        return None


def read_yaml(path: Path) -> object:
    """Return the content of a YAML file; ``None`` when it cannot be read."""
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def variable_files(folder: Path) -> list[Path]:
    """Return the YAML files below a folder in Ansible's order; links to folders are followed."""
    found = []
    for parent, _, names in os.walk(folder, followlinks=True):
        found += [Path(parent) / name for name in names if name.endswith((".yml", ".yaml"))]
    return sorted(found)
