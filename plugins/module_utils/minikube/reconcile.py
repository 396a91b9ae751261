"""Carry out a plan, read the profile again, and plan again until no action is left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cluster_start import ClusterStart
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cluster_upgrade import (
    ClusterUpgrade,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_changes import NodeChanges
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import plan
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_commands import (
    ProfileCommands,
)

# Reading, acting and reading again must come to an end within this number of rounds.
MAX_ROUNDS = 8


class Converger:
    """Brings one profile to its declared state.

    Args:
        commands: The commands of the profile.
        cni_digest: sha256 of the declared CNI manifest, empty when the CNI is not a file.

    Attributes:
        actions: The completed actions.
    """

    def __init__(self, commands: ProfileCommands, cni_digest: str):
        self.desired = commands.desired
        self.reader = commands.reader
        self.left = commands.left
        self.cni_digest = cni_digest
        self.actions: list[Action] = []
        self._commands = commands
        nodes = NodeChanges(commands)
        starts = ClusterStart(commands, nodes)
        upgrades = ClusterUpgrade(commands, starts.apply)
        self._handlers: dict[str, Callable[[Action, Observed], None]] = {
            "create": starts.create,
            "start": starts.start,
            "stop": self._stop,
            "pause": self._pause,
            "unpause": self._unpause,
            "delete": self._delete,
            "publish-ports": self._publish_ports,
            "adopt-image": upgrades.adopt_image,
            "upgrade": upgrades.upgrade_control_plane,
            "upgrade-node": upgrades.upgrade_worker,
            "add-node": nodes.add,
            "start-node": nodes.start,
            "rebuild-node": nodes.rebuild,
            "rejoin-node": nodes.rejoin,
            "remove-node": nodes.remove,
            "patch-node": nodes.patch,
            "enable-addon": self._enable_addon,
            "disable-addon": self._disable_addon,
            "update-context": self._update_context,
            "kubeconfig-mode": self._kubeconfig_mode,
            "restore-config": self._restore_config,
        }

    @property
    def warnings(self) -> list[str]:
        """Return the warnings of Minikube."""
        return self._commands.warnings

    def converge(self, seen: Observed) -> Observed:
        """Execute actions until none is left; return the last reading.

        Raises:
            MinikubeError: A command failed, a node does not become ready, or an action has no effect.
            Refusal: The next plan needs a decision of the user.
        """
        done: set[tuple[str, str]] = set()
        for _round in range(MAX_ROUNDS):
            actions = plan(self.desired, seen, self.cni_digest)
            if not actions:
                self._wait_ready(seen)
                return seen
            for action in actions:
                if action.key in done:
                    raise MinikubeError(
                        f"Minikube reported success, but it is still needed to: {action.text}",
                        id="NO_EFFECT",
                    )
                done.add(action.key)
                self._commands.report(action.text)
                self._handlers[action.kind](action, seen)
                self.actions.append(action)
            seen = self.reader.read(self.desired.profile)
        raise MinikubeError("the profile does not come to rest", id="NO_EFFECT")

    def _stop(self, _action: Action, _seen: Observed) -> None:
        self._commands.run("stop")

    def _pause(self, _action: Action, seen: Observed) -> None:
        # Minikube lists no containers of a node that is just starting, and stops half-way
        # (pkg/minikube/cruntime/cri.go: "list returned 0 containers").
        self._wait_ready(seen)
        self._commands.run("pause")

    def _unpause(self, _action: Action, _seen: Observed) -> None:
        try:
            self._commands.run("unpause")
        except MinikubeError as error:
            # A node that was never paused fails so too; the next reading shows what is left to start.
            self._commands.warnings.append(f"minikube unpause: {error.message}")

    def _delete(self, _action: Action, seen: Observed) -> None:
        """Delete the profile, then the objects that Minikube overlooks when its configuration is gone."""
        self._commands.remove_forwards()  # they use the network
        self._commands.run("delete", check=False)
        self._commands.remove_machines(
            [*seen.leftovers.get("containers", []), *(n.name for n in seen.nodes)]
        )
        shutil.rmtree(self.reader.config_path(self.desired.profile).parent, ignore_errors=True)
        if self.reader.engine:
            engine, profile = self.reader.engine, self.desired.profile
            engine.remove(
                list(engine.containers(profile)), engine.volumes(profile), engine.networks(profile)
            )

    def _publish_ports(self, _action: Action, seen: Observed) -> None:
        self._commands.change_forwards(seen)

    def _enable_addon(self, action: Action, _seen: Observed) -> None:
        addon = action.data
        flags = [
            f"--{key}={_pairs(value)}"
            for key, value in (("images", addon.images), ("registries", addon.registries))
            if value
        ]
        self._commands.run("addons", "enable", action.subject, *flags)

    def _disable_addon(self, action: Action, _seen: Observed) -> None:
        self._commands.run("addons", "disable", action.subject)

    def _update_context(self, _action: Action, _seen: Observed) -> None:
        self._commands.run("update-context")

    def _kubeconfig_mode(self, _action: Action, _seen: Observed) -> None:
        os.chmod(self.reader.kubeconfig, 0o600)

    def _restore_config(self, _action: Action, seen: Observed) -> None:
        self._commands.write_config(seen.config)

    def _wait_ready(self, seen: Observed) -> None:
        if seen.state != "started" or "node_ready" not in self.desired.wait:
            return
        if all(n.ready for n in seen.nodes):
            return
        started = {n.name: n.started for n in seen.nodes}
        missing = self.reader.api(seen).wait_ready(started, self.left(), self._commands.report)
        if missing:
            raise MinikubeError(
                f"{', '.join(sorted(missing))} did not get Ready in time", id="NODE_NOT_READY"
            )
        for node in seen.nodes:
            node.ready = True


def _pairs(values: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in sorted(values.items()))
