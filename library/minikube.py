#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: bring a Minikube profile to a declared state."""

from __future__ import annotations

DOCUMENTATION = r"""
module: minikube
short_description: Bring a Minikube profile to a declared state
version_added: 0.1.0
description:
  - Creates, changes, stops, pauses, repairs and deletes a Minikube cluster.
  - Adds and removes worker nodes of a running cluster, enables and disables addons, sets labels and taints.
  - Rejects changes that Minikube cannot make on an existing cluster, with a list of before and after, unless
    O(recreate=true). Options that are not declared are not compared.
  - Repairs incomplete profiles, such as after a killed start, a reboot of the host or a removed worker. If a repair
    would lose data, the task fails with a list of the losses and requires O(recreate=true).
  - Nodes with the name of the profile that no configuration in O(home) knows count as those of another user,
    except with O(recreate=true). O(state=absent) leaves them alone.
  - A failure returns Minikube's reason and advice, the failed units of the nodes and the last errors of their kubelets.
  - The module runs as the owner of the profile, usually not as root.
options:
  profile:
    description: Name of the profile, of its first node and of its context in the kubeconfig.
    type: str
    default: minikube
    aliases: [name]
  state:
    description:
      - V(started) creates, starts and repairs the cluster. V(paused) does the same and then pauses Kubernetes.
      - V(stopped) stops the nodes and keeps their data. Other options are ignored.
      - V(absent) deletes the profile with all its nodes and data.
    type: str
    choices: [started, stopped, paused, absent]
    default: started
  driver:
    description: Driver that creates the nodes. A change needs O(recreate).
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
      - A later version upgrades the cluster in place, by at most one minor version. An earlier version needs
        O(recreate).
      - The module first copies etcd's data and the certificates to C(/var/lib/minikube/before-upgrade) in the
        control-plane node, for the drivers V(docker) and V(podman). Then it upgrades the control plane. If that
        fails, it returns to the former version.
      - It drains one worker after another by eviction, within the limits of PodDisruptionBudgets, and upgrades its
        kubelet. Pods without a controller and pods with an C(emptyDir) stay on their node.
      - A version that this Minikube does not include must be in O(binary_mirror), which is checked first.
    type: str
  nodes:
    description:
      - Number of nodes, including the control plane. By default one node, or the existing number.
      - The pods of a node that is removed are evicted. The task fails if the node has pods without a controller or
        bound volumes.
    type: int
  cpus:
    description: Processors of each node, a number of at least 2, V(max) or V(no-limit). A change needs O(recreate).
    type: str
  memory:
    description: Memory of each node, at least V(1800m), or V(max) or V(no-limit). A change needs O(recreate).
    type: str
  disk_size:
    description: Disk of each node, only for virtual machines. A change needs O(recreate).
    type: str
  addons:
    description:
      - Addons by name, with V(true) or V(false), or a mapping with C(enabled), C(images) and C(registries).
      - C(images) and C(registries) use Minikube's names of the images, see C(minikube addons images NAME).
      - Other addons do not change.
    type: dict
  install_addons:
    description:
      - Enable the default addons of Minikube, C(storage-provisioner) and C(default-storageclass).
      - Their images cannot be pulled without internet access. Set V(false) there.
    type: bool
    default: true
  cni:
    description:
      - Pod network, V(auto), V(bridge), V(calico), V(cilium), V(flannel), V(kindnet), V(false), or the path of a
        manifest on the host.
      - The module applies a manifest whose content has changed. Any other change needs O(recreate).
    type: str
  extra_config:
    description: Settings of components, as a value for each C(COMPONENT.KEY), for example C(kubelet.max-pods).
    type: dict
  node_labels:
    description: Labels by name of the node. A null value removes a label. Other labels do not change.
    type: dict
  node_taints:
    description: Taints by name of the node, each with C(key), C(effect) and optionally C(value). Other taints are
      removed.
    type: dict
  listen_address:
    description:
      - Address on which the container engine publishes Minikube's ports, a loopback address or V(0.0.0.0).
      - A change needs O(recreate).
    type: str
  ports:
    description:
      - Ports of the control-plane node to publish, each C([[IP:][HOST_PORT]:]NODE_PORT[/PROTOCOL]).
      - Fixed host ports also work with several nodes, which C(minikube start --nodes) does not support.
      - With the driver V(docker), fixed host ports of TCP and UDP can be added to an existing cluster. A container of
        the nodes' image beside the control plane publishes each of them, until it is no longer declared.
      - Other changes need O(recreate).
    type: list
    elements: str
  apiserver_ips:
    description: Additional addresses in the certificate of the API server.
    type: list
    elements: str
  base_image:
    description:
      - Image of the nodes, for the drivers V(docker) and V(podman). The engine pulls a missing image.
      - After a change, existing nodes keep their containers, and get the container images that the node image holds.
        New nodes are made from the new image.
    type: str
  binary_mirror:
    description: URL of a mirror with kubeadm, kubelet and kubectl as C(VERSION/bin/linux/ARCH/NAME).
    type: str
  image_repository:
    description: Repository of the images of Kubernetes. A change needs O(recreate).
    type: str
    aliases: [image_mirror]
  insecure_registries:
    description: Registries that the nodes use without TLS. A change needs O(recreate).
    type: list
    elements: str
  registry_mirrors:
    description: Mirrors of Docker Hub for the nodes. A change needs O(recreate).
    type: list
    elements: str
  preload:
    description: Use Minikube's archive of preloaded images, from the disk or the internet.
    type: bool
    default: true
  cache_images:
    description:
      - Keep the images of Kubernetes in Minikube's cache and load them into the control plane.
      - Minikube removes images of the same names from the node. Set V(false) for a node image that contains them.
    type: bool
    default: true
  wait:
    description: Components to wait for. V(node_ready) waits for all nodes.
    type: list
    elements: str
    choices: [apiserver, system_pods, default_sa, apps_running, node_ready, kubelet, extra]
    default: [apiserver, system_pods, node_ready]
  timeout:
    description: Seconds for the whole task.
    type: int
    default: 600
  recreate:
    description: Allow a change that deletes the cluster with its workloads and data.
    type: bool
    default: false
  force:
    description: Skip Minikube's own checks. Only for root with the driver V(docker).
    type: bool
    default: false
  kubeconfig:
    description:
      - File for the context, with mode 0600. The module keeps the other contexts of the file.
      - By default the first file of E(KUBECONFIG), or C(~/.kube/config).
    type: path
  keep_context:
    description: Do not make the context of the profile the current one.
    type: bool
    default: false
  home:
    description: Directory with C(.minikube). By default E(MINIKUBE_HOME), or the home of the user.
    type: path
  executable:
    description: Minikube's program.
    type: str
    default: minikube
  environment:
    description: Further environment variables for Minikube, for example for a proxy.
    type: dict
    default: {}
  progress_file:
    description: File to which the module appends its progress as JSON lines. An empty path turns it off.
    type: path
    default: ""
requirements:
  - minikube
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
    details: Predicts the actions from the readable state. A stopped cluster hides the state of its addons, labels and
      taints.
  diff_mode:
    support: full
    details: Shows the profile before and after.
notes:
  - Two runs never change a profile at the same time. The second run waits for the first.
  - A port of O(ports) with a fixed host port is published by the control plane only.
seealso:
  - module: slipway.lab.minikube_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Start two nodes with containerd
  slipway.lab.minikube:
    driver: docker
    container_runtime: containerd
    kubernetes_version: v1.35.1
    nodes: 2
  become: true
  become_user: minikube

- name: Publish the API and a node port on an address of the host, with another node image and pod network
  slipway.lab.minikube:
    nodes: 2
    container_runtime: containerd
    base_image: 10.213.0.1:5081/slipway/node:v1.35.1
    cni: /etc/slipway/flannel.yaml
    ports: ["10.213.0.11:8443:8443", "10.213.0.11:30080:30080"]
    listen_address: 0.0.0.0
    apiserver_ips: [10.213.0.11]
    install_addons: false
    preload: false
    cache_images: false

- name: Start a cluster without internet access, from a mirror
  slipway.lab.minikube:
    profile: staging
    cpus: "4"
    memory: 6g
    binary_mirror: http://mirror.example/kubernetes
    image_repository: mirror.example:5000/kubernetes
    insecure_registries: [mirror.example:5000]
    registry_mirrors: [http://mirror.example:5000]
    extra_config: {kubelet.max-pods: "200"}
    wait: [apiserver, node_ready]
    timeout: 900
    environment: {NO_PROXY: mirror.example}
    executable: /opt/minikube/bin/minikube
    home: /srv/minikube
    kubeconfig: /srv/minikube/kubeconfig
    keep_context: true
    progress_file: /srv/minikube/progress.jsonl

- name: Start a virtual machine with a larger disk
  slipway.lab.minikube:
    profile: machine
    driver: kvm2
    disk_size: 40g

- name: Start a cluster as root, without Minikube's checks
  slipway.lab.minikube:
    driver: docker
    force: true

- name: Enable metrics from an image that the nodes already contain
  slipway.lab.minikube:
    addons:
      metrics-server:
        images: {MetricsServer: "metrics-server/metrics-server:v0.8.0"}
        registries: {MetricsServer: registry.k8s.io}

- name: Reserve the second node for a tier
  slipway.lab.minikube:
    nodes: 2
    node_labels:
      minikube-m02: {tier: backend}
    node_taints:
      minikube-m02:
        - {key: tier, value: backend, effect: NoSchedule}

- name: Change the container runtime, which recreates the cluster
  slipway.lab.minikube:
    container_runtime: crio
    recreate: true

- name: Delete the cluster
  slipway.lab.minikube:
    state: absent
"""

RETURN = r"""
profile:
  description: The profile after the run.
  returned: always
  type: dict
  sample: {"profile": "minikube", "state": "started", "nodes": ["minikube", "minikube-m02"], "driver": "docker"}
nodes:
  description: The nodes with address, version, readiness and state of the container.
  returned: always
  type: list
  elements: dict
actions:
  description: The actions of the run, or the predicted actions in check mode.
  returned: always
  type: list
  elements: str
server:
  description: URL of the API server for clients on the host.
  returned: when there is a cluster
  type: str
kubeconfig:
  description: File with the context of the profile.
  returned: always
  type: str
warnings_of_minikube:
  description: Warnings of Minikube.
  returned: always
  type: list
  elements: str
changes_refused:
  description: Changes that need O(recreate), each with option, before and after.
  returned: when a change was rejected
  type: list
  elements: dict
minikube:
  description: Minikube's report of a failure, with id, advice, url, exitcode, command and last step.
  returned: on failure of Minikube
  type: dict
diagnosis:
  description: State of the container, failed units and last errors of the kubelet, by node.
  returned: on failure of Minikube
  type: dict
"""

import os
import signal

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.diagnosis import (
    diagnose,
    sentence,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_context import (
    ProfileContext,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_run import ProfileRun

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


def main() -> None:
    """Converge a Minikube profile."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    os.umask(0o077)
    run = None
    try:
        context = ProfileContext(module.params, module.check_mode)
        run = ProfileRun(context)
        signal.signal(signal.SIGTERM, context.interrupt)
        signal.signal(signal.SIGINT, context.interrupt)
        result = run.run()
    except MinikubeError as error:
        nodes = diagnose(context.engine, context.desired.profile)
        advice = str(error.details.get("advice") or "")
        parts = [error.message, sentence(nodes), advice and f"Minikube's advice: {advice}"]
        module.fail_json(
            msg=". ".join(part.rstrip(".") for part in parts if part),
            minikube={"message": error.message, **error.details},
            diagnosis=nodes,
            actions=run.done(),
            changed=bool(run.done()),
        )
    except SlipwayError as error:
        done = run.done() if run else []
        module.fail_json(msg=str(error), actions=done, changed=bool(done), **error.result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
