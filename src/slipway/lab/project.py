"""The paths of a lab: the checkout with its playbooks, the cache, and the state."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from slipway.lab.lab_name import lab_name

DEFAULT_INVENTORY = "inventories/lab"


@dataclass(frozen=True)
class Project:
    """The paths of one lab, as inventories/common.yml defines them for the playbooks.

    Args:
        root: The checkout, with playbooks and inventories.
        cache: Directory of downloads and builds.
        state: Directory of the lab.
        lab: Name of the lab.
        inventories: Paths of the inventories.
    """

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
        """Return the path of the facts about the lab that the playbooks write."""
        return self.state / "report.json"

    @property
    def kubeconfig(self) -> Path:
        """Return the path of the lab's kubeconfig on the control machine."""
        return self.state / "kubeconfig"

    @property
    def kubectl(self) -> Path:
        """Return the path of the lab's kubectl on the control machine."""
        return self.state / "bin" / "kubectl"

    @property
    def student(self) -> Path:
        """Return the path of the facts about a student; it exists when this is a place in a class on another lab."""
        return self.state / "student.json"

    @property
    def is_up(self) -> bool:
        """Return whether the playbooks have created a lab that was not removed."""
        return self.report.exists() or self.kubeconfig.exists()


def locate(
    inventories: Sequence[str] = (),
    extra_vars: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> Project:
    """Find the project and the lab that a command is about.

    Args:
        inventories: Values of ``-i``. Without any, those of ``ANSIBLE_INVENTORY`` count, as for
            Ansible, or else the default inventory.
        extra_vars: Values of ``-e``, which may name another lab.
        environ: Environment variables.

    Raises:
        LabNameError: The name of the lab is not allowed.
    """
    root = project_root(environ)
    home = Path(environ.get("HOME") or Path.home())
    usual = [word for word in environ.get("ANSIBLE_INVENTORY", "").split(",") if word]
    chosen = tuple(inventories or usual) or (str(root / DEFAULT_INVENTORY),)
    lab = lab_name(chosen, extra_vars)
    return Project(
        root=root,
        cache=Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "slipway",
        state=states_folder(environ) / lab,
        lab=lab,
        inventories=chosen,
    )


def project_root(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory with the playbooks and inventories."""
    return Path(environ.get("SLIPWAY_PROJECT") or Path(__file__).resolve().parents[3])


def states_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory that holds the state of every lab."""
    home = Path(environ.get("HOME") or Path.home())
    return Path(environ.get("XDG_STATE_HOME") or home / ".local/state") / "slipway"
