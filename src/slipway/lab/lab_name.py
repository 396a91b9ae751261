"""The name of a lab: where it is set, and which names are allowed."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from slipway.errors import LabNameError
from slipway.lab.extra_vars import parse_extra_vars
from slipway.lab.yaml_file import read_yaml, variable_files

DEFAULT_LAB = "default"
VARIABLE = "slipway_lab"
# Part of names of files, containers and networks. The same in inventories/common.yml.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
YAML_SUFFIXES = {".yml", ".yaml", ".json"}


def lab_name(inventories: Sequence[str], extra_vars: Sequence[str]) -> str:
    """Return the value of ``slipway_lab`` that Ansible uses.

    Args:
        inventories: Paths of the inventories.
        extra_vars: Values of ``-e``.

    Raises:
        LabNameError: The name is not allowed, or a template, which only Ansible can evaluate.
    """
    for place, value in _settings(inventories, extra_vars):
        return checked(value, place)
    return DEFAULT_LAB


def checked(value: object, place: str) -> str:
    """Return a lab's name.

    Args:
        value: The name.
        place: Where it is set, for the message.

    Raises:
        LabNameError: The name is not allowed.
    """
    name = str(value)
    if "{{" in name or "{%" in name:
        raise LabNameError(
            f"{VARIABLE} in {place} is a template: {name}",
            "write the name itself, because paths and locks depend on it",
        )
    if not NAME.fullmatch(name):
        raise LabNameError(
            f"{VARIABLE}: {name!r} (set in {place}) is not a valid lab name",
            "use at most 40 letters, digits, '-', '_' and '.', and start with a letter or a digit",
        )
    return name


def _settings(
    inventories: Sequence[str], extra_vars: Sequence[str]
) -> Iterator[tuple[str, object]]:
    """Yield the places that set the name, the strongest first."""
    for text in reversed(extra_vars):
        variables = parse_extra_vars(text)
        if isinstance(variables, dict) and variables.get(VARIABLE) not in (None, ""):
            yield f"-e {text}", variables[VARIABLE]
    for inventory in reversed(inventories):
        folder = Path(inventory)
        folder = folder if folder.is_dir() else folder.parent
        files = [one for one in folder.glob("group_vars/all*") if one.stem == "all"]
        files += variable_files(folder / "group_vars/all")
        for path in reversed(files):  # Ansible lets the last one win
            variables = read_yaml(path) if path.is_file() else None
            if isinstance(variables, dict) and variables.get(VARIABLE) not in (None, ""):
                yield str(path), variables[VARIABLE]
    for inventory in reversed(inventories):
        for path in _hosts_files(Path(inventory)):
            if (value := _in_hosts_file(path)) not in (None, ""):
                yield str(path), value


def _hosts_files(path: Path) -> list[Path]:
    if path.is_dir():
        return [one for one in sorted(path.iterdir(), reverse=True) if one.is_file()]
    return [path] if path.is_file() else []


def _in_hosts_file(path: Path) -> object:
    """Return the value that the group ``all`` has in the file with the hosts itself."""
    if path.suffix in YAML_SUFFIXES:
        content = read_yaml(path)
        group = content.get("all") if isinstance(content, dict) else None
        variables = group.get("vars") if isinstance(group, dict) else None
        return variables.get(VARIABLE) if isinstance(variables, dict) else None
    parser = configparser.ConfigParser(
        allow_no_value=True, delimiters=("=",), strict=False, interpolation=None
    )
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return None
    value = parser.get("all:vars", VARIABLE, fallback=None)
    return value.strip("'\"") if value else None
