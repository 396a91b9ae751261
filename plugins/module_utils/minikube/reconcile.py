"""Carry out a plan: every action is one method, named after its kind."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import (
    MinikubeCli,
    MinikubeError,
    Outcome,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import Action, plan
from ansible_collections.slipway.lab.plugins.module_utils.minikube.preflight import check_ports_free
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    CONTAINER_DRIVERS,
    Addon,
    Desired,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import Observed, Reader

# Reading, acting and reading again has to come to rest; more rounds than these mean that it does not.
MAX_ROUNDS = 8
KUBEADM_CONFIG = "/var/tmp/minikube/kubeadm.yaml"
STATIC_PODS = [
    f"/etc/kubernetes/manifests/{name}.yaml"
    for name in ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
]


class Converger:
    """Brings one profile to its declared state.

    ``left`` gives the seconds until the declared timeout; ``actions`` and ``warnings`` grow as it works.
    """

    def __init__(
        self,
        desired: Desired,
        cli: MinikubeCli,
        reader: Reader,
        left: Callable[[], float],
        cni_digest: str,
    ):
        self.desired = desired
        self.cli = cli
        self.reader = reader
        self.left = left
        self.cni_digest = cni_digest
        self.actions: list[Action] = []
        self.warnings: list[str] = []

    def converge(self, seen: Observed) -> Observed:
        """Act until nothing is left to do; return the last reading.

        Raises:
            MinikubeError: a command failed, a node does not get Ready, or an action has no effect.
            Refusal: what came to light on the way needs a decision.
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
                self._report(action.text)
                getattr(self, "_" + action.kind.replace("-", "_"))(action, seen)
                self.actions.append(action)
            seen = self.reader.read(self.desired.profile)
        raise MinikubeError("the profile does not come to rest", id="NO_EFFECT")

    def _create(self, action: Action, seen: Observed) -> None:
        desired = self.desired
        check_ports_free(desired)
        nodes = desired.nodes or 1
        # Minikube gives every node the same --ports, and a fixed host port can be had only once
        # (pkg/minikube/registry/drvs/docker/docker.go): the control plane gets them, workers join without.
        apart = nodes > 1 and desired.has_fixed_ports
        flags = start_flags(desired, 1 if apart else nodes)
        if apart and desired.cni in (None, "auto"):
            flags.append("--cni=kindnet")
        self._run("start", *flags)
        for _number in range(nodes - 1 if apart else 0):
            self._add_node(action, seen)

    def _start(self, action: Action, seen: Observed) -> None:
        """Start an existing cluster, leaving out the workers that a start would only half repair."""
        flags = start_flags(self.desired, None)
        if seen.primary.container == "missing" and self.desired.ports:
            check_ports_free(self.desired)
            flags += [f"--ports={port}" for port in self.desired.ports]
        else:
            self._forget_ports()
        self._force_reconfiguration(seen)
        left_out = set((action.data or {}).get("without", []))
        config = self._config()
        all_nodes = config["Nodes"]
        if left_out:
            self._write_config(
                {**config, "Nodes": [n for n in all_nodes if n.get("Name") not in left_out]}
            )
        try:
            self._run("start", *flags)
        finally:
            if left_out:
                self._restore_nodes(all_nodes)

    def _force_reconfiguration(self, seen: Observed) -> None:
        """Make Minikube recreate the control plane when its static pods are gone.

        They are in the container, while the file by which Minikube decides that nothing is to be done is in
        the volume. So after the loss of the container, or a kill amid kubeadm, it would wait for an API
        server that nothing starts (pkg/minikube/bootstrapper/kubeadm: restartPrimaryControlPlane).
        """
        engine, name = self.reader.engine, seen.primary.name
        if engine and seen.primary.volume and not engine.has_files(name, STATIC_PODS):
            engine.remove_from_volume(name, seen.config["KicBaseImage"], KUBEADM_CONFIG)

    def _restore_nodes(self, nodes: list[dict]) -> None:
        config = self._config()
        known = {n.get("Name"): n for n in config["Nodes"]}
        self._write_config({**config, "Nodes": [known.get(n.get("Name"), n) for n in nodes]})

    def _stop(self, _action: Action, _seen: Observed) -> None:
        self._run("stop")

    def _pause(self, _action: Action, seen: Observed) -> None:
        # Minikube lists no containers of a node that is just starting, and stops half-way
        # (pkg/minikube/cruntime/cri.go: "list returned 0 containers").
        self._wait_ready(seen)
        self._run("pause")

    def _unpause(self, _action: Action, _seen: Observed) -> None:
        try:
            self._run("unpause")
        except MinikubeError as error:
            # A node that was never paused fails so too; the next reading shows what is left to start.
            self.warnings.append(f"minikube unpause: {error.message}")

    def _delete(self, _action: Action, seen: Observed) -> None:
        """Delete the profile, then what Minikube overlooks when its configuration is gone."""
        self._run("delete", check=False)
        self._remove_machines(
            [*seen.leftovers.get("containers", []), *(n.name for n in seen.nodes)]
        )
        shutil.rmtree(self.reader.config_path(self.desired.profile).parent, ignore_errors=True)
        if self.reader.engine:
            engine, profile = self.reader.engine, self.desired.profile
            engine.remove(
                list(engine.containers(profile)), engine.volumes(profile), engine.networks(profile)
            )

    def _add_node(self, _action: Action, _seen: Observed) -> None:
        self._forget_ports()
        memory = self._config().get("Memory")
        # Without this variable the second node of a cluster gets 2200 MB, and the configuration of the first
        # one changes with it (cmd/minikube/cmd/node_add.go).
        self._run("node", "add", environment={"MINIKUBE_MEMORY": f"{memory}mb"} if memory else None)

    def _start_node(self, action: Action, _seen: Observed) -> None:
        self._run("node", "start", action.subject)

    def _rebuild_node(self, action: Action, seen: Observed) -> None:
        self._forget_ports()
        name = f"{self.desired.profile}-{action.subject}"
        self._wipe(name, seen)
        self._run("node", "start", action.subject)

    def _remove_node(self, action: Action, seen: Observed) -> None:
        if not action.data:
            self._run("node", "delete", action.subject)
            return
        # `minikube node delete` waits two minutes for a node that the API never knew, and then fails.
        self._wipe(f"{self.desired.profile}-{action.subject}", seen)
        config = self._config()
        self._write_config(
            {**config, "Nodes": [n for n in config["Nodes"] if n.get("Name") != action.subject]}
        )

    def _enable_addon(self, action: Action, _seen: Observed) -> None:
        addon: Addon = action.data
        flags = [
            f"--{key}={_pairs(value)}"
            for key, value in (("images", addon.images), ("registries", addon.registries))
            if value
        ]
        self._run("addons", "enable", action.subject, *flags)

    def _disable_addon(self, action: Action, _seen: Observed) -> None:
        self._run("addons", "disable", action.subject)

    def _patch_node(self, action: Action, seen: Observed) -> None:
        self.reader.api(seen).patch_node(action.subject, action.data)

    def _update_context(self, _action: Action, _seen: Observed) -> None:
        self._run("update-context")

    def _kubeconfig_mode(self, _action: Action, _seen: Observed) -> None:
        os.chmod(self.reader.kubeconfig, 0o600)

    def _restore_config(self, _action: Action, seen: Observed) -> None:
        self._write_config(seen.config)

    def _wait_ready(self, seen: Observed) -> None:
        if seen.state != "started" or "node_ready" not in self.desired.wait:
            return
        if all(n.ready for n in seen.nodes):
            return
        started = {n.name: n.started for n in seen.nodes}
        missing = self.reader.api(seen).wait_ready(started, self.left(), self._report)
        if missing:
            raise MinikubeError(
                f"{', '.join(sorted(missing))} did not get Ready in time", id="NODE_NOT_READY"
            )
        for node in seen.nodes:
            node.ready = True

    def _wipe(self, name: str, seen: Observed) -> None:
        """Remove a worker so thoroughly that Minikube makes and joins it like a new one."""
        if self.reader.engine:
            self.reader.engine.remove([name], [name])
        self._remove_machines([name])
        try:
            self.reader.api(seen).delete_node(name)
        except ApiError as error:
            self.warnings.append(f"the Node object {name} could not be deleted: {error}")

    def _remove_machines(self, names: list[str]) -> None:
        for name in names:
            shutil.rmtree(self.reader.machine_path(name), ignore_errors=True)

    def _forget_ports(self) -> None:
        """Keep fixed host ports, which the control plane has already, from the next node."""
        config = self._config()
        if config.get("ExposedPorts") and self.desired.has_fixed_ports:
            self._write_config({**config, "ExposedPorts": []})

    def _config(self) -> dict:
        return json.loads(self.reader.config_path(self.desired.profile).read_text())

    def _write_config(self, config: dict) -> None:
        path: Path = self.reader.config_path(self.desired.profile)
        partial = path.with_name(".config.json.new")
        partial.write_text(json.dumps(config, indent=4))
        partial.chmod(0o600)
        partial.replace(path)

    def _run(
        self, *args: str, environment: dict[str, str] | None = None, check: bool = True
    ) -> Outcome:
        outcome = self.cli.run(*args, timeout=self.left(), environment=environment, check=check)
        self.warnings += [w for w in outcome.warnings if w not in self.warnings]
        return outcome

    def _report(self, message: str) -> None:
        self.cli.report(message, None, None)


def start_flags(desired: Desired, nodes: int | None) -> list[str]:
    """Return the flags of ``minikube start``; ``nodes`` is None for a cluster that exists already.

    Settings that Minikube does not take over on an existing cluster are left out then: it would only warn.
    """
    flags = [
        "--interactive=false",
        "--install-addons=false",
        f"--preload={str(desired.preload).lower()}",
        f"--cache-images={str(desired.cache_images).lower()}",
    ]
    # Minikube would wait for one node after the other; all of them are watched together at the end.
    flags.append(f"--wait={','.join(w for w in desired.wait if w != 'node_ready') or 'none'}")
    flags += [f"--extra-config={key}={value}" for key, value in desired.extra_config.items()]
    optional = {
        "driver": desired.driver,
        "kubernetes-version": desired.kubernetes_version,
        "binary-mirror": desired.binary_mirror,
        "apiserver-ips": ",".join(desired.apiserver_ips),
    }
    if desired.cni_is_file or nodes is not None:
        optional["cni"] = desired.cni
    if nodes is not None:
        optional |= {
            "nodes": str(nodes),
            "container-runtime": desired.container_runtime,
            "cpus": desired.cpus,
            "memory": desired.memory,
            "disk-size": desired.disk_size,
            "base-image": desired.base_image if desired.driver in CONTAINER_DRIVERS else None,
            "listen-address": desired.listen_address,
            "image-repository": desired.image_repository,
            "ports": ",".join(str(p) for p in desired.ports or []),
            "insecure-registry": ",".join(desired.insecure_registries or []),
            "registry-mirror": ",".join(desired.registry_mirrors or []),
        }
    flags += [f"--{name}={value}" for name, value in optional.items() if value]
    flags += ["--force"] if desired.force else []
    return flags + (["--keep-context"] if desired.keep_context else [])


def _pairs(values: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in sorted(values.items()))
