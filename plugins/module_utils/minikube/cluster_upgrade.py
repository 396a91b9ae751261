"""Upgrade an existing cluster: its images, its control plane, and one worker after another."""

from __future__ import annotations

import time
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action, Change
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.data_guard import (
    copy_data,
    has_same_data,
    restore_data,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import EngineError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_content import load_images
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_drain import drained
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_commands import (
    ProfileCommands,
)

# Seconds until an upgraded node must be Ready.
READY_SECONDS = 120


class ClusterUpgrade:
    """Upgrade clusters in place. Nodes keep their containers, volumes and pods.

    Args:
        commands: The commands of the profile.
        start: Runs ``minikube start`` in a version of Kubernetes, with the short names of the nodes that stay as they
            are.
    """

    def __init__(self, commands: ProfileCommands, start: Callable[[Observed, str, set[str]], None]):
        self._commands = commands
        self._start = start

    def adopt_image(self, _action: Action, seen: Observed) -> None:
        """Load the images of the declared node image into the nodes, and use it for new nodes."""
        engine, image = self._commands.reader.engine, self._commands.desired.base_image
        if engine:
            # A node without its container is recreated from the image.
            running = [node for node in seen.nodes if node.container == "running"]
            load_images(engine, running, image, self._commands.report)
        self._commands.write_config({**self._commands.read_config(), "KicBaseImage": image})

    def upgrade_control_plane(self, action: Action, seen: Observed) -> None:
        """Upgrade the control plane. A failed upgrade is taken back.

        Raises:
            MinikubeError: The upgrade failed.
        """
        change: Change = action.data
        engine, name = self._commands.reader.engine, seen.primary.name
        config = self._commands.read_config()
        # An upgrade that did not end has left a copy, which is older than what that upgrade changed.
        if engine and config["KubernetesConfig"]["KubernetesVersion"] != change.after:
            self._commands.report(f"Copying the data of etcd before the upgrade to {change.after}")
            copy_data(engine, name)
        try:
            self._start(seen, change.after, {node.short for node in seen.workers})
        except MinikubeError as error:
            if engine:
                self._take_back(seen, config, change, error)
            raise

    def upgrade_worker(self, action: Action, seen: Observed) -> None:
        """Drain a worker, upgrade its kubelet, and make it schedulable again.

        Raises:
            MinikubeError: The node does not get Ready.
            NodeInUseError: The node cannot be drained.
        """
        commands = self._commands
        name = f"{commands.desired.profile}-{action.subject}"
        version = commands.read_config()["KubernetesConfig"]["KubernetesVersion"]
        api = commands.reader.api(seen)
        with drained(api, name, commands.left(), commands.report) as staying:
            commands.warnings += [
                f"{pod}; it stayed on {name} during the upgrade" for pod in staying
            ]
            others = {node.short for node in seen.workers} - {action.subject}
            self._start(seen, version, others)
            began = time.time()
            # Minikube restarts a kubelet only when it has just copied it.
            restart = "sudo systemctl daemon-reload && sudo systemctl restart kubelet"
            commands.run("ssh", f"--node={name}", "--", restart)
            seconds = min(READY_SECONDS, commands.left())
            if api.wait_ready({name: began}, seconds, commands.report):
                raise MinikubeError(
                    f"{name} did not get Ready after its upgrade to {version}", id="NODE_NOT_READY"
                )

    def _take_back(
        self, seen: Observed, config: dict, change: Change, error: MinikubeError
    ) -> None:
        """Start the control plane in its former version, with its current data or else with the copy.

        Raises:
            MinikubeError: How the attempt ended, with the reason of the failed upgrade.
        """
        engine, name = self._commands.reader.engine, seen.primary.name
        self._commands.report(f"The upgrade failed; returning to {change.before}: {error.message}")
        former = _with_version(config, change.before)
        workers = {node.short for node in seen.workers}
        # With current data first, because the copy lacks what was written since then.
        for restore in (False, True) if has_same_data(engine, name) else (True,):
            try:
                if restore:
                    restore_data(engine, name)
                self._commands.write_config(former)
                self._start(seen, change.before, workers)
            except (MinikubeError, EngineError) as second:
                reason = second.message
                continue
            with_copy = " with the copy of its data from before the upgrade" if restore else ""
            raise MinikubeError(
                f"the upgrade to {change.after} failed, and the control plane runs {change.before} again{with_copy}: "
                f"{error.message}",
                **error.details,
            ) from error
        raise MinikubeError(
            f"the upgrade to {change.after} failed: {error.message}. The return to {change.before} failed too: "
            f"{reason}",
            **error.details,
        ) from error


def _with_version(config: dict, version: str) -> dict:
    kubernetes = {**config["KubernetesConfig"], "KubernetesVersion": version}
    nodes = [{**node, "KubernetesVersion": version} for node in config["Nodes"]]
    return {**config, "KubernetesConfig": kubernetes, "Nodes": nodes}
