#!/usr/bin/python
"""Ansible module: bring a Minikube profile to a declared state."""

from __future__ import annotations

DOCUMENTATION = r"""
module: minikube
short_description: Bring a Minikube profile to a declared state
description:
  - Creates, changes, stops, pauses, repairs and deletes a Minikube cluster, so that it is as declared.
  - Adds and removes worker nodes of a running cluster, enables and disables addons, sets labels and taints.
  - Knows which changes Minikube cannot make on an existing cluster, and refuses them with a list of before and
    after unless O(recreate=true). An option that is not declared is not looked at.
  - Recognises half-dead profiles. After a killed start, a rebooted host or a removed worker it repairs them;
    where something would be lost it says what, and asks for O(recreate=true).
  - A failure returns Minikube's own reason and advice, and what the nodes themselves say (failed units, last
    errors of the kubelet).
  - Runs as the user that the profile belongs to, normally not root.
options:
  profile:
    description: Name of the profile. It is the name of the first node and of the kubeconfig context too.
    type: str
    default: minikube
    aliases: [name]
  state:
    description:
      - V(started) makes, starts and repairs the cluster. V(paused) does the same and then freezes Kubernetes.
      - V(stopped) stops the nodes and keeps their data; other options are not looked at.
      - V(absent) deletes the profile with all nodes and data.
    type: str
    choices: [started, stopped, paused, absent]
    default: started
  driver:
    description: What the nodes are made with. A change needs O(recreate).
    type: str
    choices: [docker, podman, none, kvm2, qemu, virtualbox]
    default: docker
  container_runtime:
    description: Container runtime in the nodes. A change needs O(recreate).
    type: str
    choices: [docker, containerd, crio, cri-o]
  kubernetes_version:
    description:
      - Version such as V(v1.35.1), or V(1.35) for its newest patch release, or V(stable) or V(latest).
      - A later version upgrades the cluster, an earlier one needs O(recreate).
      - A version that this Minikube does not know has to be in O(binary_mirror); this is checked first.
    type: str
  nodes:
    description: Number of nodes, the control plane included. Not declared means one, or as many as there are.
    type: int
  cpus:
    description: Processors of each node, a number from 2, V(max) or V(no-limit). A change needs O(recreate).
    type: str
  memory:
    description: Memory of each node, 1800m or more, V(max) or V(no-limit). A change needs O(recreate).
    type: str
  disk_size:
    description: Disk of each node. Only virtual machines have one. A change needs O(recreate).
    type: str
  addons:
    description:
      - Addons by name, with V(true) or V(false), or a mapping with C(enabled), C(images) and C(registries).
      - The overrides are by Minikube's name for the image, see C(minikube addons images NAME).
      - Addons that are not named stay as they are.
    type: dict
  install_addons:
    description:
      - Also enable what Minikube enables by default, C(storage-provisioner) and C(default-storageclass).
      - Without internet their images cannot be pulled, so labs set V(false).
    type: bool
    default: true
  cni:
    description:
      - Pod network, V(auto), V(bridge), V(calico), V(cilium), V(flannel), V(kindnet), V(false), or the path of a
        manifest on the host.
      - Changed content of a manifest is applied. Any other change needs O(recreate).
    type: str
  extra_config:
    description: Settings of components as C(COMPONENT.KEY) to value, for example C(kubelet.max-pods).
    type: dict
  node_labels:
    description: Labels by name of the node. A null value removes a label, labels that are not named stay.
    type: dict
  node_taints:
    description: Taints by name of the node, each with C(key), C(effect) and optionally C(value). The list is complete.
    type: dict
  listen_address:
    description:
      - Address on which the container engine publishes Minikube's own ports, a loopback address or V(0.0.0.0).
      - A change needs O(recreate).
    type: str
  ports:
    description:
      - Ports of the control-plane node to publish, each C([[IP:][HOST_PORT]:]NODE_PORT[/PROTOCOL]).
      - Fixed host ports work with several nodes too, which C(minikube start --nodes) alone cannot do.
      - A change needs O(recreate).
    type: list
    elements: str
  apiserver_ips:
    description: Addresses that the certificate of the API server is valid for, besides its own.
    type: list
    elements: str
  base_image:
    description:
      - Image of the nodes, for the drivers V(docker) and V(podman). Pulled by the engine when it is not there.
      - A change needs O(recreate).
    type: str
  binary_mirror:
    description: URL of a mirror of kubeadm, kubelet and kubectl, with C(VERSION/bin/linux/ARCH/NAME) below it.
    type: str
  image_repository:
    description: Repository to pull the images of Kubernetes from. A change needs O(recreate).
    type: str
    aliases: [image_mirror]
  insecure_registries:
    description: Registries that the nodes may use without TLS. A change needs O(recreate).
    type: list
    elements: str
  registry_mirrors:
    description: Mirrors of Docker Hub for the nodes. A change needs O(recreate).
    type: list
    elements: str
  preload:
    description: Let Minikube look for its tarball of preloaded images, on the disk and then in the internet.
    type: bool
    default: true
  cache_images:
    description:
      - Let Minikube keep the images of Kubernetes in its cache and load them into the control plane.
      - It removes images of these names that the node has already, so a node image that holds them wants V(false).
    type: bool
    default: true
  wait:
    description: What to wait for. V(node_ready) means every node, and is watched for all of them together.
    type: list
    elements: str
    choices: [apiserver, system_pods, default_sa, apps_running, node_ready, kubelet, extra]
    default: [apiserver, system_pods, node_ready]
  timeout:
    description: Seconds for the whole work.
    type: int
    default: 600
  recreate:
    description: Allow to delete the cluster with its workloads and data when a change needs it.
    type: bool
    default: false
  force:
    description: Skip Minikube's own checks. Only for root with the driver V(docker).
    type: bool
    default: false
  kubeconfig:
    description:
      - File that gets the context, mode 0600. Other contexts in it stay.
      - By default the first file of E(KUBECONFIG), or C(~/.kube/config).
    type: path
  keep_context:
    description: Do not make the context of the profile the current one.
    type: bool
    default: false
  home:
    description: Directory that holds C(.minikube). By default E(MINIKUBE_HOME), or the home of the user.
    type: path
  executable:
    description: The program.
    type: str
    default: minikube
  environment:
    description: More environment variables for Minikube, for example of a proxy.
    type: dict
    default: {}
  progress_file:
    description: File that gets progress as JSON lines. Empty turns it off.
    type: path
    default: ""
attributes:
  check_mode:
    support: full
    description: Predicts the actions from what can be read; what only a started cluster shows, it cannot know.
  diff_mode:
    support: full
    description: Shows the profile before and after.
notes:
  - Changes by one run exclude each other on a profile; a second run waits for the first.
  - O(ports) with a fixed host port belong to the control plane alone.
seealso:
  - module: minikube_info
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Two nodes with containerd
  minikube:
    driver: docker
    container_runtime: containerd
    kubernetes_version: v1.35.1
    nodes: 2
  become: true
  become_user: minikube

- name: API and one NodePort on an address of the host, an own node image and pod network
  minikube:
    nodes: 2
    container_runtime: containerd
    base_image: 10.213.0.1:5081/slipway/node:v1.35.1
    cni: /etc/slipway/flannel.yaml
    ports: ["10.213.0.11:8443:8443", "10.213.0.11:30080:30080"]
    apiserver_ips: [10.213.0.11]
    install_addons: false
    preload: false

- name: Metrics from an image that is in the nodes already
  minikube:
    addons:
      metrics-server:
        images: {MetricsServer: "metrics-server/metrics-server:v0.8.0"}
        registries: {MetricsServer: registry.k8s.io}

- name: A tier for the second node, and only for it
  minikube:
    nodes: 2
    node_labels:
      minikube-m02: {tier: backend}
    node_taints:
      minikube-m02:
        - {key: tier, value: backend, effect: NoSchedule}

- name: Another runtime, although the cluster has to be made anew
  minikube:
    container_runtime: crio
    recreate: true

- name: Gone
  minikube:
    state: absent
"""

RETURN = r"""
profile:
  description: What the profile is now.
  returned: always
  type: dict
  sample: {"profile": "minikube", "state": "started", "nodes": ["minikube", "minikube-m02"], "driver": "docker"}
nodes:
  description: The nodes with address, version, readiness and state of the container.
  returned: always
  type: list
  elements: dict
actions:
  description: What was done, or in check mode would be done, in words.
  returned: always
  type: list
  elements: str
server:
  description: URL of the API as the host itself reaches it.
  returned: when there is a cluster
  type: str
kubeconfig:
  description: File with the context of the profile.
  returned: always
  type: str
warnings_of_minikube:
  description: What Minikube warned about.
  returned: always
  type: list
  elements: str
changes_refused:
  description: Changes that need O(recreate), each with option, before and after.
  returned: when refused
  type: list
  elements: dict
minikube:
  description: Minikube's own account of a failure, with id, advice, url, exitcode, command and last step.
  returned: on failure of Minikube
  type: dict
diagnosis:
  description: By node the state of its container, failed units and last errors of the kubelet.
  returned: on failure of Minikube
  type: dict
"""

import contextlib
import os
import shutil
import signal
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import (
    MinikubeCli,
    MinikubeError,
    deadline,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.diagnosis import (
    diagnose,
    sentence,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine, EngineError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.lock import (
    LockedError,
    profile_lock,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import (
    Action,
    Refusal,
    plan,
    prediction,
    summary,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.preflight import (
    check_addons,
    check_ports_free,
    resolve_version,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.reconcile import Converger
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    CONTAINER_DRIVERS,
    SpecError,
    parse,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import (
    Observed,
    Reader,
    default_kubeconfig,
    describe_nodes,
    file_digest,
    minikube_environment,
    minikube_home,
)

ARGUMENT_SPEC = {
    "profile": {"type": "str", "default": "minikube", "aliases": ["name"]},
    "state": {
        "type": "str",
        "choices": ["started", "stopped", "paused", "absent"],
        "default": "started",
    },
    "driver": {
        "type": "str",
        "choices": ["docker", "podman", "none", "kvm2", "qemu", "virtualbox"],
        "default": "docker",
    },
    "container_runtime": {"type": "str", "choices": ["docker", "containerd", "crio", "cri-o"]},
    "kubernetes_version": {"type": "str"},
    "nodes": {"type": "int"},
    "cpus": {"type": "str"},
    "memory": {"type": "str"},
    "disk_size": {"type": "str"},
    "addons": {"type": "dict"},
    "install_addons": {"type": "bool", "default": True},
    "cni": {"type": "str"},
    "extra_config": {"type": "dict"},
    "node_labels": {"type": "dict"},
    "node_taints": {"type": "dict"},
    "listen_address": {"type": "str"},
    "ports": {"type": "list", "elements": "str"},
    "apiserver_ips": {"type": "list", "elements": "str"},
    "base_image": {"type": "str"},
    "binary_mirror": {"type": "str"},
    "image_repository": {"type": "str", "aliases": ["image_mirror"]},
    "insecure_registries": {"type": "list", "elements": "str"},
    "registry_mirrors": {"type": "list", "elements": "str"},
    "preload": {"type": "bool", "default": True},
    "cache_images": {"type": "bool", "default": True},
    "wait": {
        "type": "list",
        "elements": "str",
        "choices": [
            "apiserver",
            "system_pods",
            "default_sa",
            "apps_running",
            "node_ready",
            "kubelet",
            "extra",
        ],
        "default": ["apiserver", "system_pods", "node_ready"],
    },
    "timeout": {"type": "int", "default": 600},
    "recreate": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "kubeconfig": {"type": "path"},
    "keep_context": {"type": "bool", "default": False},
    "home": {"type": "path"},
    "executable": {"type": "str", "default": "minikube"},
    "environment": {"type": "dict", "default": {}},
    "progress_file": {"type": "path", "default": ""},
}


class Run:
    """One run of the module."""

    def __init__(self, module: AnsibleModule):
        self.module = module
        params = module.params
        self.desired = parse(params, os.geteuid())
        environment = {str(k): str(v) for k, v in params["environment"].items()}
        self.home = minikube_home(params["home"], environment)
        self.kubeconfig = Path(params["kubeconfig"] or default_kubeconfig(environment))
        self.left = deadline(params["timeout"])
        self.progress = Progress(params["progress_file"], "minikube")
        executable = shutil.which(params["executable"])
        self.cli = executable and MinikubeCli(
            executable,
            self.desired.profile,
            {**minikube_environment(self.home, self.kubeconfig, self.desired), **environment},
            self.progress,
        )
        self.engine = (
            Engine(self.desired.driver) if self.desired.driver in CONTAINER_DRIVERS else None
        )
        self.reader = Reader(self.home, self.cli or None, self.engine, self.kubeconfig)
        self.cni_digest = file_digest(self.desired.cni) if self.desired.cni_is_file else ""
        self.converger: Converger | None = None

    def run(self) -> dict:
        """Converge, or predict in check mode; return the result of the module."""
        self._check_programs()
        seen = self._read()
        if self.cli and self.desired.state in ("started", "paused"):
            self.desired.kubernetes_version = resolve_version(self.cli, self.desired)
            check_addons(self.cli, self.desired)
        actions = plan(self.desired, seen, self.cni_digest)
        before = summary(seen)
        if not actions and not self._must_wait(seen):
            return self._result(seen, [], before, before)
        if self.module.check_mode:
            return self._result(
                seen, actions, before, prediction(self.desired, seen, actions, self.cni_digest)
            )
        seen, done = self._converge(actions, seen)
        return self._result(seen, done, before, summary(seen))

    def interrupt(self, number: int, _frame: object) -> None:
        """End the running minikube when the module itself is ended."""
        if self.cli:
            self.cli.terminate()
        raise MinikubeError(
            f"interrupted by signal {number}; run again to go on from here", id="INTERRUPTED"
        )

    def diagnosis(self) -> dict[str, dict]:
        """Return what the nodes say about a failure."""
        return diagnose(self.engine, self.desired.profile)

    def done(self) -> list[str]:
        """Return the actions that were finished."""
        return [a.text for a in self.converger.actions] if self.converger else []

    def _check_programs(self) -> None:
        if not self.cli and not (self.module.check_mode or self.desired.state == "absent"):
            raise SpecError(
                f"executable: {self.module.params['executable']!r} is not installed on this host (PATH: "
                f"{os.environ.get('PATH', '')}); the role minikube installs it"
            )
        if not self.engine:
            return
        try:
            self.engine.check()
        except EngineError:
            # Nothing to delete can be left in an engine that was never there, and check mode may run before
            # the engine is installed.
            gone = shutil.which(self.engine.binary) is None
            if not gone or not (self.module.check_mode or self.desired.state == "absent"):
                raise
            self.engine = self.reader.engine = None

    def _read(self) -> Observed:
        seen = self.reader.read(self.desired.profile)
        driver = seen.config.get("Driver")
        # The nodes that are there are looked at with the engine that made them.
        if driver in CONTAINER_DRIVERS and driver != self.desired.driver:
            self.engine = self.reader.engine = Engine(driver)
            self.engine.check()
            seen = self.reader.read(self.desired.profile)
        return seen

    def _must_wait(self, seen: Observed) -> bool:
        waits = self.desired.state == "started" and "node_ready" in self.desired.wait
        return waits and not all(n.ready for n in seen.nodes) and not self.module.check_mode

    def _converge(self, actions: list[Action], seen: Observed) -> tuple[Observed, list[Action]]:
        lock = self.home / f".{self.desired.profile}.lock"
        left = self.left()
        with profile_lock(lock, self.left(), lambda text: self.progress(text)) as descriptor:
            self.cli.lock_fd = descriptor
            if self.left() < left - 1:
                # Another run may have worked on it until the lock was free.
                seen = self._read()
            if any(a.kind == "create" for a in actions):
                self._prepare_creation(any(a.kind == "delete" for a in actions))
            self.converger = Converger(
                self.desired, self.cli, self.reader, self.left, self.cni_digest
            )
            seen = self.converger.converge(seen)
            if self.desired.state == "absent":
                lock.unlink(missing_ok=True)
        return seen, self.converger.actions

    def _prepare_creation(self, replaces: bool) -> None:
        """Find what makes a creation impossible before the old cluster is deleted for it."""
        if not replaces:
            check_ports_free(self.desired)
        image = self.desired.base_image
        if image and self.engine and not self.engine.has_image(image):
            self.engine.pull(image, lambda text: self.progress(text))

    def _result(self, seen: Observed, actions: list[Action], before: dict, after: dict) -> dict:
        result = {
            "changed": bool(actions),
            "actions": [a.text for a in actions],
            "profile": summary(seen),
            "nodes": describe_nodes(seen),
            "kubeconfig": str(self.kubeconfig),
            "warnings_of_minikube": self.converger.warnings if self.converger else [],
            "diff": {"before": before, "after": after},
        }
        with contextlib.suppress(ApiError):
            result["server"] = self.reader.api(seen).url
        return result


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    os.umask(0o077)
    run = None
    try:
        run = Run(module)
        signal.signal(signal.SIGTERM, run.interrupt)
        signal.signal(signal.SIGINT, run.interrupt)
        result = run.run()
    except Refusal as refusal:
        module.fail_json(
            msg=str(refusal),
            changes_refused=[vars(change) for change in refusal.changes],
            actions=run.done(),
        )
    except MinikubeError as error:
        nodes = run.diagnosis()
        advice = str(error.details.get("advice") or "")
        parts = [error.message, sentence(nodes), advice and f"Minikube's advice: {advice}"]
        module.fail_json(
            msg=". ".join(p.rstrip(".") for p in parts if p),
            minikube={"message": error.message, **error.details},
            diagnosis=nodes,
            actions=run.done(),
            changed=bool(run.done()),
        )
    except (SpecError, EngineError, LockedError, ApiError) as error:
        module.fail_json(
            msg=str(error), actions=run.done() if run else [], changed=bool(run and run.done())
        )
    module.exit_json(**result)


if __name__ == "__main__":
    main()
