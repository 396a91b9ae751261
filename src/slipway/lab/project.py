"""Where things lie: the checkout with its playbooks, the cache, the state of a lab."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

DEFAULT_LAB = "default"
DEFAULT_INVENTORY = "inventories/lab"


@dataclass(frozen=True)
class Project:
    """Paths of one lab; the same as inventories/*/group_vars define for the playbooks."""

    root: Path
    cache: Path
    state: Path
    lab: str
    inventories: tuple[str, ...]

    def playbook(self, name: str) -> Path:
        """Return the path of a playbook, such as ``site``."""
        return self.root / "playbooks" / f"{name}.yml"

    @property
    def report(self) -> Path:
        """What the lab is, written by the playbooks."""
        return self.state / "report.json"

    @property
    def kubeconfig(self) -> Path:
        """The lab's kubeconfig for use on the control machine."""
        return self.state / "kubeconfig"

    @property
    def kubectl(self) -> Path:
        """The lab's kubectl on the control machine."""
        return self.state / "bin" / "kubectl"


def locate(
    inventories: Sequence[str] = (),
    extra_vars: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> Project:
    """Find the project and the lab that a command is about.

    :param inventories: values of ``-i``; without any, those of ``ANSIBLE_INVENTORY``, as for
        Ansible, or the default inventory.
    :param extra_vars: values of ``-e``, which may name another lab.
    :param environ: environment variables.
    """
    root = Path(environ.get("SLIPWAY_PROJECT") or Path(__file__).resolve().parents[3])
    home = Path(environ.get("HOME") or Path.home())
    usual = [word for word in environ.get("ANSIBLE_INVENTORY", "").split(",") if word]
    chosen = tuple(inventories or usual) or (str(root / DEFAULT_INVENTORY),)
    lab = lab_name(chosen, extra_vars)
    return Project(
        root=root,
        cache=Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "slipway",
        state=Path(environ.get("XDG_STATE_HOME") or home / ".local/state") / "slipway" / lab,
        lab=lab,
        inventories=chosen,
    )


def lab_name(inventories: Sequence[str], extra_vars: Sequence[str]) -> str:
    """Return ``slipway_lab`` as Ansible would see it, if it is written as a plain word."""
    for text in reversed(extra_vars):
        if name := _lab_in(parse_extra_vars(text)):
            return name
    for inventory in reversed(inventories):
        folder = Path(inventory)
        folder = folder if folder.is_dir() else folder.parent
        files = [*folder.glob("group_vars/all.*"), *variable_files(folder / "group_vars/all")]
        for path in reversed(files):  # Ansible lets the last one win
            if path.is_file() and (name := _lab_in(read_yaml(path))):
                return name
    return DEFAULT_LAB


def variable_files(folder: Path) -> list[Path]:
    """Return the YAML files below a folder of variables, in Ansible's order; links to folders are followed."""
    found = []
    for parent, _, names in os.walk(folder, followlinks=True):
        found += [Path(parent) / name for name in names if name.endswith((".yml", ".yaml"))]
    return sorted(found)


def parse_extra_vars(text: str) -> object:
    """Return the variables in a value of ``-e``: ``name=value`` words, YAML, or ``@FILE``."""
    if text.startswith("@"):
        path = Path(text[1:]).expanduser()
        return read_yaml(path) if path.is_file() else None
    if text.lstrip().startswith("{"):
        return load_yaml(text)
    return dict(word.split("=", 1) for word in text.split() if "=" in word)


def _lab_in(variables: object) -> str | None:
    name = variables.get("slipway_lab") if isinstance(variables, dict) else None
    return name if isinstance(name, str) and name and "{{" not in name else None


class _Loader(yaml.SafeLoader):
    """YAML as Ansible writes it, without the meaning of its tags (``!vault``, ``!unsafe``)."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def load_yaml(text: str) -> object:
    """Parse YAML; ``None`` when it is not valid, for Ansible itself reports that better."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError:
        return None


def read_yaml(path: Path) -> object:
    """Parse a YAML file; ``None`` when it cannot be read."""
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
