#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read the state of a cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_info
short_description: Read whether a Kubernetes cluster answers, its version, nodes, pods and Services
version_added: 0.1.0
description:
  - Reads the version and the nodes from the API server and, with O(workloads), pods and Services.
  - A cluster that does not answer is a result, not a failure. RV(reachable) is false and RV(reason) has the cause.
options:
  workloads:
    description:
      - Read the pods of all namespaces in numbers, and all Services. This reads every pod of the cluster.
    type: bool
    default: false
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.node
  - module: slipway.lab.workload_info
  - module: kubernetes.core.k8s_cluster_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read the state of the cluster
  slipway.lab.cluster_info:
    kubeconfig: ~/.kube/config
    workloads: true
  register: cluster

- name: Print the namespaces with pods in trouble
  ansible.builtin.debug:
    msg: "{{ cluster.namespaces | rejectattr('troubled', 'equalto', []) }}"

- name: Fail if a node is not ready
  ansible.builtin.assert:
    that: cluster.reachable and cluster.nodes | rejectattr('ready') | length == 0
"""

RETURN = r"""
reachable:
  description: Whether the API server answered.
  returned: always
  type: bool
reason:
  description: Why it did not. Empty when it did.
  returned: always
  type: str
host:
  description: URL of the API server. Empty when there is no usable configuration.
  returned: always
  type: str
version:
  description: Version of the API server.
  returned: always
  type: str
  sample: v1.35.1
ready:
  description: Whether the API server answers and all nodes are ready.
  returned: always
  type: bool
nodes:
  description: The nodes by name.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name.
      type: str
    ready:
      description: Whether the node is ready.
      type: bool
    reason:
      description: Why it is not.
      type: str
    schedulable:
      description: False when the node is cordoned.
      type: bool
    version:
      description: Version of the kubelet.
      type: str
    address:
      description: Internal address.
      type: str
    roles:
      description: Roles.
      type: list
    os_image:
      description: Operating system.
      type: str
    container_runtime:
      description: Container runtime with its version.
      type: str
    labels:
      description: Labels.
      type: dict
    taints:
      description: Taints.
      type: list
namespaces:
  description: The pods of each namespace in numbers, without the completed pods of Jobs.
  returned: with O(workloads)
  type: list
  elements: dict
  contains:
    namespace:
      description: Name of the namespace.
      type: str
    pods:
      description: Number of pods.
      type: int
    ready:
      description: Number of ready pods.
      type: int
    troubled:
      description: C(name) and C(reason), such as C(CrashLoopBackOff), of pods that are not ready and not starting.
      type: list
      elements: dict
services:
  description: The Services by namespace and name.
  returned: with O(workloads)
  type: list
  elements: dict
  contains:
    namespace:
      description: Name of the namespace.
      type: str
    name:
      description: Name.
      type: str
    type:
      description: Type, such as C(NodePort).
      type: str
    cluster_ip:
      description: Address in the cluster. Empty for a headless Service.
      type: str
    external:
      description: Addresses outside the cluster, as a load balancer assigned them.
      type: list
      elements: str
    ports:
      description: C(name), C(port), C(node_port) and C(protocol) of each port.
      type: list
      elements: dict
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.cluster import read_cluster


def main() -> None:
    """Describe a cluster."""
    run_module(kube_module({"workloads": {"type": "bool", "default": False}}), read_cluster)


if __name__ == "__main__":
    main()
