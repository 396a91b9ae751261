"""Give a new lab a network, and keep that of an existing one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.labs.networks import (
    NoNetworkError,
    free_subnets,
    recorded_subnet,
    uplink_mtu,
    used_networks,
)
from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import read_labs

ROUTES = Path("/proc/net/route")
INTERFACES = Path("/sys/class/net")
# Docker gives each network this one. Where a VPN or a cloud has less, large answers from the world are lost.
USUAL_MTU = 1500
# Part of the engine's answer if another network has these addresses.
OVERLAP = "overlaps"
Run = Callable[[list[str]], "tuple[int, str, str]"]


class Allocation:
    """The network of a lab.

    Args:
        name: Name of the lab.
        path: The file in the state of the lab.
        socket: Path of the engine's socket.
    """

    def __init__(self, name: str, path: Path, socket: str):
        self.name = name
        self.path = path
        self.socket = socket

    def existing(self) -> str:
        """Return the network that the lab has; empty for a new lab.

        Raises:
            EngineSilentError: The engine cannot be asked.
        """
        if found := recorded_subnet(self.path):
            return found
        return next((lab.subnet for lab in read_labs(self.socket, self.name)), "")

    def predict(self) -> str:
        """Return the network that a new lab would get.

        Raises:
            NoNetworkError: All networks are in use.
        """
        for subnet in free_subnets(used_networks(ROUTES.read_text(encoding="utf-8"))):
            return subnet
        raise _exhausted()

    def create(self, labels: Mapping[str, str], run: Run) -> str:
        """Create the network of a new lab; return its addresses.

        The engine refuses a network that another one overlaps, so two labs that are created at the same time get
        different networks.

        Args:
            labels: Labels of the network.
            run: Runs a command; returns its exit code, output and errors.

        Raises:
            NoNetworkError: All networks are in use, or the engine refuses for another reason.
        """
        options = [f"--label={name}={value}" for name, value in labels.items()]
        routes = ROUTES.read_text(encoding="utf-8")
        if 0 < (mtu := uplink_mtu(routes, INTERFACES)) < USUAL_MTU:
            options.append(f"--opt=com.docker.network.driver.mtu={mtu}")
        for subnet in free_subnets(used_networks(routes)):
            command = ["docker", "network", "create", f"--subnet={subnet}", *options]
            code, _, problem = run([*command, f"slipway-{self.name}"])
            if code == 0:
                return subnet
            if OVERLAP not in problem:
                raise NoNetworkError(f"Docker created no network for the lab: {problem.strip()}")
        raise _exhausted()

    def record(self, subnet: str) -> None:
        """Keep the network in the state of the lab."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self.path.with_name(f".{self.path.name}.new")
        new.write_text(json.dumps({"subnet": subnet}) + "\n", encoding="utf-8")
        os.replace(new, self.path)


def _exhausted() -> NoNetworkError:
    return NoNetworkError(
        "all networks from 10.213.0.0/24 to 10.254.0.0/24 and from 192.168.213.0/24 to 192.168.254.0/24 are in use;"
        " set lab_hosts_subnet to a free network"
    )
