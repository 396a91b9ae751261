"""Programs on the hosts of a lab, and on the nodes that are containers there."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.remote import as_user, on_host
from slipway.errors import SlipwayError, UsageError
from slipway.lab.ansible_settings import own_settings
from slipway.lab.inventory import host_variables
from slipway.lab.project import Project

# The host of the first cluster, whose kubeconfig and app the lab uses.
FIRST = "minikube_hosts[0]"
CONTAINER_DRIVERS = ("docker", "podman")


class Host:
    """A host of the inventory.

    Args:
        variables: Its variables, as from :func:`slipway.lab.inventory.host_variables`.
    """

    def __init__(self, variables: Mapping[str, Any]):
        self.variables = variables

    @property
    def profile(self) -> str:
        """Return the profile of the host's cluster."""
        return str(self.variables["minikube_profile"])

    @property
    def user(self) -> str:
        """Return the user that runs Minikube."""
        return str(self.variables["minikube_user"])

    def shell(self, words: Sequence[str], terminal: bool) -> list[str]:
        """Return the command of a shell on the host, or of a program as the user of the connection."""
        return self._command(shlex.join(words), terminal)

    def as_root(self, words: Sequence[str], terminal: bool) -> list[str]:
        """Return the command that runs a program as root."""
        return self._command(as_user("root", words, terminal), terminal)

    def minikube(self, words: Sequence[str], terminal: bool) -> list[str]:
        """Return the command that runs the minikube of the lab, as the user of its clusters."""
        folder = PurePath(self.variables["minikube_bin_dir"]).parent
        program = str(folder / "lib/slipway/minikube/minikube")
        environment = self.variables["minikube_environment"] or {}
        set_variables = [f"{name}={value}" for name, value in environment.items()]
        line = ["env", *set_variables, program, *words] if set_variables else [program, *words]
        return self._command(as_user(self.user, line, terminal), terminal)

    def on_node(self, node: str, words: Sequence[str], terminal: bool) -> list[str]:
        """Return the command that runs a program on a node as root.

        Raises:
            UsageError: The nodes are not containers.
        """
        driver = str(self.variables["minikube_driver"])
        if driver not in CONTAINER_DRIVERS:
            raise UsageError(
                f"nodes of Minikube's driver {driver} run in virtual machines, where this command cannot reach them",
                f"use: minikube ssh --node {node}",
            )
        flags = ["--interactive", *(["--tty"] if terminal else [])]
        line = [driver, "exec", *flags, node, *words]
        return self._command(as_user(self.user, line, terminal), terminal)

    def _command(self, script: str, terminal: bool) -> list[str]:
        command = on_host(self.variables, script, terminal)
        if not command:
            raise SlipwayError("the inventory has no address for this host; set ansible_host")
        return command


def find_host(project: Project, pattern: str = FIRST) -> Host:
    """Return the only host of a pattern, with its connection as Ansible evaluates it.

    Raises:
        SlipwayError: The inventory has no such host, or Ansible cannot read it.
    """
    settings = {"LC_ALL": "C.UTF-8", **own_settings(project.root, os.environ)}
    found = host_variables(project, pattern, settings)
    if not found:
        wanted = "host for a cluster (minikube_hosts)" if pattern == FIRST else f"host {pattern}"
        raise SlipwayError(
            f"the inventory of the lab has no {wanted}",
            f"see: ansible-inventory {' '.join(f'-i {one}' for one in project.inventories)} --graph",
        )
    return Host(next(iter(found.values())))
