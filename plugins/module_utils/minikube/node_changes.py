"""Change the nodes of a running cluster."""

from __future__ import annotations

import time

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_drain import empty
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_commands import (
    ProfileCommands,
)

# Written by kubeadm when a node joins.
KUBELET_CREDENTIALS = "/etc/kubernetes/kubelet.conf"
# Seconds until a restarted kubelet must have registered its node.
REGISTRATION_SECONDS = 90


class NodeChanges:
    """Add, start, rebuild, remove and patch nodes.

    Args:
        commands: The commands of the profile.
    """

    def __init__(self, commands: ProfileCommands):
        self._commands = commands

    def add(self, _action: Action, _seen: Observed) -> None:
        """Add a worker node."""
        self._commands.forget_ports()
        memory = self._commands.read_config().get("Memory")
        # Without this variable the second node of a cluster gets 2200 MB, and the configuration of the first
        # one changes with it (cmd/minikube/cmd/node_add.go).
        environment = {"MINIKUBE_MEMORY": f"{memory}mb"} if memory else None
        self._commands.run("node", "add", environment=environment)

    def start(self, action: Action, _seen: Observed) -> None:
        """Start a stopped worker node."""
        self._commands.run("node", "start", action.subject)

    def rebuild(self, action: Action, seen: Observed) -> None:
        """Recreate the container of a worker node that cannot be repaired by a start.

        The node keeps its volume, where the persistent volumes of its pods are.
        """
        self._commands.forget_ports()
        self._wipe(self._name(action), seen)
        self._commands.run("node", "start", action.subject)

    def rejoin(self, action: Action, seen: Observed) -> None:
        """Register a running worker node again whose Node object is gone.

        The kubelet registers its node when it starts. The whole node starts with it, because the node gets another
        network for its pods, and their network plugin keeps its settings in the Node object. A kubelet without
        credentials never joined, and its node is rebuilt.
        """
        name, reader = self._name(action), self._commands.reader
        if reader.engine and reader.engine.has_files(name, [KUBELET_CREDENTIALS]):
            began = time.time()
            self._commands.run("node", "stop", action.subject)
            self._commands.run("node", "start", action.subject)
            seconds = min(REGISTRATION_SECONDS, self._commands.left())
            if not reader.api(seen).wait_ready({name: began}, seconds, self._commands.report):
                return
            self._commands.warnings.append(f"{name} was rebuilt: its kubelet did not register it")
        self.rebuild(action, seen)

    def remove(self, action: Action, seen: Observed) -> None:
        """Remove a worker node; ``action.data`` is true for a broken one.

        Raises:
            NodeInUseError: The node has pods or volumes that would be lost.
        """
        if not action.data:
            api = self._commands.reader.api(seen)
            empty(api, self._name(action), self._commands.left(), self._commands.report)
            self._commands.run("node", "delete", action.subject)
            return
        # `minikube node delete` waits two minutes for a node that the API never had, and then fails.
        self._wipe(self._name(action), seen, volume=True)
        config = self._commands.read_config()
        nodes = [node for node in config["Nodes"] if node.get("Name") != action.subject]
        self._commands.write_config({**config, "Nodes": nodes})

    def patch(self, action: Action, seen: Observed) -> None:
        """Patch labels and taints of a node."""
        self._commands.reader.api(seen).patch_node(action.subject, action.data)

    def _name(self, action: Action) -> str:
        return f"{self._commands.desired.profile}-{action.subject}"

    def _wipe(self, name: str, seen: Observed, volume: bool = False) -> None:
        """Remove what makes Minikube take a worker for an old one, so that it creates and joins the worker."""
        reader = self._commands.reader
        if reader.engine:
            reader.engine.remove([name], [name] if volume else [])
        self._commands.remove_machines([name])
        try:
            reader.api(seen).delete_node(name)
        except ApiError as error:
            self._commands.warnings.append(f"the Node object {name} could not be deleted: {error}")
