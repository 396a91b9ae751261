"""Read YAML as Ansible writes it."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

SUFFIXES = ("", ".yml", ".yaml", ".json")


# Stands for a value with a tag (``!vault``, ``!unsafe``). As a template, it has a value only for Ansible.
ONLY_ANSIBLE = "{{ a value that only Ansible reads }}"


class _Loader(yaml.SafeLoader):
    """YAML as Ansible writes it, without the meaning of its tags."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: ONLY_ANSIBLE)


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
    """Return the files of variables below a folder in Ansible's order; links to folders are followed.

    Ansible reads files with these suffixes and without one, but no hidden files and no copies of editors.
    """
    found = []
    for parent, _, names in os.walk(folder, followlinks=True):
        found += [Path(parent) / name for name in names if _is_read(name)]
    return sorted(found)


def _is_read(name: str) -> bool:
    return Path(name).suffix in SUFFIXES and not name.startswith(".") and not name.endswith("~")
