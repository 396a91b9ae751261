"""The machine that the checks examine; tests replace its root directory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from slipway.doctor.docker_api import DockerState, docker_state
from slipway.doctor.roles import MachineRole
from slipway.lab.inventory import InventoryError, inventory_groups
from slipway.lab.project import Project
from slipway.lab.yaml_file import read_yaml, variable_files


@dataclass
class Machine:
    """The state of the machine that checks examine."""

    project: Project
    root: Path = Path("/")
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    uid: int = field(default_factory=os.getuid)
    arguments: tuple[str, ...] = ()

    def read(self, path: str) -> str:
        """Return a file's content; empty when it does not exist or cannot be read."""
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def exists(self, path: str) -> bool:
        """Return whether a path exists, as far as this user can see."""
        return os.path.exists(self.root / path)

    def which(self, tool: str) -> str | None:
        """Return the path of a command; a user's PATH on Debian lacks the directories of the system's."""
        usual = self.environ.get("PATH") or os.defpath
        system = [str(self.root / folder) for folder in ("usr/sbin", "sbin")]
        return shutil.which(tool, path=os.pathsep.join([usual, *system]))

    @cached_property
    def docker(self) -> DockerState:
        """Return the state of Docker, which is read once."""
        return docker_state(self.environ, self.project.lab)

    @cached_property
    def variables(self) -> dict[str, Any]:
        """Return plain variables: roles' defaults, then the pins, then the inventory, which wins."""
        root = self.project.root
        roles = ("mirror", "lab_hosts", "registry", "front")
        files = [root / f"roles/{role}/defaults/main.yml" for role in roles]
        files.append(root / "upstream/versions.yml")
        files += self.inventory_files("group_vars")
        merged: dict[str, Any] = {}
        for path in files:
            content = read_yaml(path)
            merged.update(content if isinstance(content, dict) else {})
        return {**merged, **self._control_variables()}

    def _control_variables(self) -> dict[str, Any]:
        """Return the variables of the control machine, also those that the inventory itself contains."""
        try:
            hosts = self.groups.get("control", {})
        except InventoryError:
            return {}  # the check of the inventory gives the reason
        return next(iter(hosts.values()), {})

    def inventory_files(self, *folders: str) -> list[Path]:
        """Return the files of variables beside the inventories, in Ansible's order.

        Args:
            folders: ``group_vars``, ``host_vars``.
        """
        return [
            path
            for inventory in self.project.inventories
            for folder in folders
            for path in variable_files(_folder(inventory) / folder)
        ]

    @cached_property
    def groups(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return the variables of the hosts of each group in the inventory.

        Raises:
            InventoryError: Ansible cannot read the inventory.
        """
        return inventory_groups(self.project, self.environ, self.arguments)

    @cached_property
    def role(self) -> MachineRole:
        """Return the role of this machine in the inventory."""
        try:
            groups = self.groups
        except InventoryError:
            return MachineRole.CONTROLLER  # the check of the inventory gives the reason
        if groups.get("lab_hosts"):
            return MachineRole.CARRIER
        hosts = groups.get("minikube_hosts", {})
        local = any(host.get("ansible_connection") == "local" for host in hosts.values())
        return MachineRole.HOST if local or "localhost" in hosts else MachineRole.CONTROLLER


def _folder(inventory: str) -> Path:
    path = Path(inventory)
    return path if path.is_dir() else path.parent
