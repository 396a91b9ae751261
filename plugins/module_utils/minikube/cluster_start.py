"""Create a cluster, and start an existing one."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action
from ansible_collections.slipway.lab.plugins.module_utils.minikube.data_guard import guard_data
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_changes import NodeChanges
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.preflight import check_ports_free
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_commands import (
    ProfileCommands,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.start_flags import start_flags

KUBEADM_CONFIG = "/var/tmp/minikube/kubeadm.yaml"
# Files that kubeadm writes: the static pods, and the credentials without which the kubelet does not start.
CONTROL_PLANE_FILES = [
    "/etc/kubernetes/kubelet.conf",
    *(
        f"/etc/kubernetes/manifests/{name}.yaml"
        for name in ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
    ),
]


class ClusterStart:
    """Create and start clusters.

    Args:
        commands: The commands of the profile.
        nodes: Adds nodes to a new cluster.
    """

    def __init__(self, commands: ProfileCommands, nodes: NodeChanges):
        self._commands = commands
        self._nodes = nodes

    def create(self, action: Action, seen: Observed) -> None:
        """Create a cluster with its nodes."""
        desired = self._commands.desired
        self._commands.remove_forwards()
        check_ports_free(desired.ports or ())
        nodes = desired.nodes or 1
        # Minikube gives every node the same --ports, and a fixed host port works only once
        # (pkg/minikube/registry/drvs/docker/docker.go): the control plane gets them, workers join without.
        apart = nodes > 1 and desired.has_fixed_ports
        flags = start_flags(desired, 1 if apart else nodes)
        if apart and desired.cni in (None, "auto"):
            flags.append("--cni=kindnet")
        self._commands.run("start", *flags)
        for _number in range(nodes - 1 if apart else 0):
            self._nodes.add(action, seen)

    def start(self, action: Action, seen: Observed) -> None:
        """Start an existing cluster in its version, without the workers that a start would repair only in part."""
        version = seen.kubernetes.get("KubernetesVersion")
        self.apply(seen, version, set((action.data or {}).get("without", [])))

    def apply(self, seen: Observed, version: str | None, left_out: set[str]) -> None:
        """Run ``minikube start`` for an existing cluster.

        Args:
            seen: The observed profile.
            version: The version of Kubernetes that the nodes get.
            left_out: The short names of the nodes that stay as they are.
        """
        flags = start_flags(replace(self._commands.desired, kubernetes_version=version), None)
        if seen.primary.container == "missing" and self._commands.desired.ports:
            self._commands.remove_forwards()  # the new container publishes all ports
            check_ports_free(self._commands.desired.ports)
            flags += [f"--ports={port}" for port in self._commands.desired.ports]
        else:
            self._commands.forget_ports()
        self._guard(seen)
        self._force_reconfiguration(seen)
        config = self._commands.read_config()
        all_nodes = config["Nodes"]
        if left_out:
            self._commands.write_config(
                {**config, "Nodes": [n for n in all_nodes if n.get("Name") not in left_out]}
            )
        try:
            self._commands.run("start", *flags)
        finally:
            if left_out:
                self._restore_nodes(all_nodes)

    def _guard(self, seen: Observed) -> None:
        engine = self._commands.reader.engine
        if engine and seen.primary.volume:
            guard_data(engine, seen.primary.name, seen.config["KicBaseImage"])

    def _force_reconfiguration(self, seen: Observed) -> None:
        """Make Minikube configure the control plane again when files of kubeadm are gone.

        They are in the container, while the file by which Minikube decides that nothing is to be done is in
        the volume. So after the loss of the container, a kill amid kubeadm, or a failed start, it would wait for an
        API server that nothing starts (pkg/minikube/bootstrapper/kubeadm: restartPrimaryControlPlane).
        """
        engine, name = self._commands.reader.engine, seen.primary.name
        if engine and seen.primary.volume and not engine.has_files(name, CONTROL_PLANE_FILES):
            image = seen.config["KicBaseImage"]
            engine.run_with_volume(image, name, "/var", "rm", "-f", KUBEADM_CONFIG)

    def _restore_nodes(self, nodes: list[dict]) -> None:
        config = self._commands.read_config()
        known = {n.get("Name"): n for n in config["Nodes"]}
        self._commands.write_config(
            {**config, "Nodes": [known.get(n.get("Name"), n) for n in nodes]}
        )
