"""Commands and files of one profile, shared by the changes of clusters and nodes."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeCli, Outcome
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.port_forwards import PortForwards
from ansible_collections.slipway.lab.plugins.module_utils.minikube.preflight import check_ports_free
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_config import (
    read_config,
    write_config,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Desired
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import Reader


class ProfileCommands:
    """Run minikube for one profile, and change its configuration.

    Args:
        desired: The declared state.
        cli: The executable.
        reader: Reads the profile.
        left: Returns the seconds until the timeout.

    Attributes:
        warnings: The warnings of all commands.
    """

    def __init__(
        self, desired: Desired, cli: MinikubeCli, reader: Reader, left: Callable[[], float]
    ):
        self.desired = desired
        self.cli = cli
        self.reader = reader
        self.left = left
        self.warnings: list[str] = []

    def run(
        self, *args: str, environment: dict[str, str] | None = None, check: bool = True
    ) -> Outcome:
        """Run minikube with the remaining time, and keep its warnings.

        Raises:
            MinikubeError: The command failed, and ``check`` is true.
        """
        outcome = self.cli.run(*args, timeout=self.left(), environment=environment, check=check)
        self.warnings += [w for w in outcome.warnings if w not in self.warnings]
        return outcome

    def report(self, message: str) -> None:
        """Report progress."""
        self.cli.report(message, None, None)

    def read_config(self) -> dict:
        """Return the configuration of the profile."""
        return read_config(self.reader.config_path(self.desired.profile))

    def write_config(self, config: dict) -> None:
        """Replace the configuration of the profile."""
        write_config(self.reader.config_path(self.desired.profile), config)

    def forget_ports(self) -> None:
        """Remove the fixed host ports, which the control plane has, from the configuration of the next node."""
        config = self.read_config()
        if config.get("ExposedPorts") and self.desired.has_fixed_ports:
            self.write_config({**config, "ExposedPorts": []})

    def change_forwards(self, seen: Observed) -> None:
        """Publish the declared ports that the running control plane does not have, and no others.

        Raises:
            SpecError: A host port is in use.
        """
        ports = [port for port in self.desired.ports or [] if port.published not in seen.ports]
        check_ports_free(port for port in ports if port.published not in seen.forwards)
        PortForwards(self.reader.engine, self.desired.profile).change(
            port for port in ports if port.host_port
        )

    def remove_forwards(self) -> None:
        """Remove the containers that publish ports beside the control plane."""
        if self.reader.engine:
            PortForwards(self.reader.engine, self.desired.profile).remove()

    def remove_machines(self, names: list[str]) -> None:
        """Delete the directories of machines."""
        for name in names:
            shutil.rmtree(self.reader.machine_path(name), ignore_errors=True)
