"""Ports of a running control plane, published by containers beside it.

An engine publishes the ports of a container only when it creates the container. For a port that is declared later, a
container of the same image and network passes connections on to the control plane.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    Engine,
    labels_of,
    published_ports,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import (
    Port,
    PublishedPort,
)

LABEL = "slipway.lab/ports-of"
# Of these protocols, socat passes connections on.
PROTOCOLS = ("tcp", "udp")


def forwarded_ports(containers: dict[str, dict], profile: str) -> set[PublishedPort]:
    """Return the ports that running containers publish beside the control plane of a profile.

    Args:
        containers: Inspected containers by name.
        profile: The name of the profile.
    """
    return {
        port
        for container in _forwards_among(containers, profile).values()
        if container["State"]["Status"] == "running"
        for port in published_ports(container)
    }


def _forwards_among(containers: dict[str, dict], profile: str) -> dict[str, dict]:
    return {
        name: container
        for name, container in containers.items()
        if labels_of(container).get(LABEL) == profile
    }


class PortForwards:
    """The containers that publish ports of one profile.

    Args:
        engine: The engine of the nodes.
        profile: The name of the profile, which is the name of its control plane too.
    """

    def __init__(self, engine: Engine, profile: str):
        self._engine = engine
        self._profile = profile

    def change(self, wanted: Iterable[Port]) -> None:
        """Publish exactly the wanted ports.

        Raises:
            EngineError: A container cannot be removed or started.
        """
        missing = {port.published: port for port in wanted}
        found = self._containers()
        kept = {
            name
            for name, container in found.items()
            if container["State"]["Status"] == "running"
            and published_ports(container) <= missing.keys()
        }
        self._engine.remove([name for name in found if name not in kept], [])
        for name in kept:
            for port in published_ports(found[name]):
                del missing[port]
        if missing:
            node = self._inspect("container", self._profile)
            for port in missing.values():
                self._publish(port, node)

    def remove(self) -> None:
        """Remove the containers.

        Raises:
            EngineError: One cannot be removed.
        """
        self._engine.remove(list(self._containers()), [])

    def _free_address(self, network: str) -> str:
        """Return the last free address. Minikube gives the first ones to nodes, also to those that are off."""
        found = self._inspect("network", network)
        subnet = ipaddress.ip_network(found["IPAM"]["Config"][0]["Subnet"])
        used = {one["IPv4Address"].partition("/")[0] for one in found["Containers"].values()}
        last = int(subnet.broadcast_address) - 1
        return next(
            text
            for number in range(last, int(subnet.network_address), -1)
            if (text := str(ipaddress.ip_address(number))) not in used
        )

    def _inspect(self, kind: str, name: str) -> dict:
        return json.loads(self._engine.run(kind, "inspect", name).stdout)[0]

    def _containers(self) -> dict[str, dict]:
        return _forwards_among(self._engine.named(self._profile), self._profile)

    def _publish(self, port: Port, node: dict) -> None:
        network = node["HostConfig"]["NetworkMode"]
        address = port.ip.replace(":", "-") or "any"
        kind = port.protocol.upper()
        self._engine.start(
            *("--name", f"{self._profile}-port-{address}-{port.host_port}-{port.protocol}"),
            *("--label", f"{LABEL}={self._profile}", "--restart", "unless-stopped"),
            *("--network", network, "--ip", self._free_address(network), "--publish", str(port)),
            *("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only"),
            *("--entrypoint", "socat", node["Image"]),
            *(f"{kind}-LISTEN:{port.port},fork,reuseaddr", f"{kind}:{self._profile}:{port.port}"),
        )
