#!/usr/bin/python
"""Ansible module: whether a cluster answers, its version and its nodes."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_info
short_description: Tell whether a Kubernetes cluster answers, its version and its nodes
description:
  - Asks the API server once for its version and its nodes.
  - A cluster that does not answer is a result (RV(reachable) is false and RV(reason) says why), not
    a failure.
extends_documentation_fragment: [slipway.lab.kube_auth]
attributes:
  check_mode:
    support: full
    description: Changes nothing.
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Look at the cluster
  cluster_info:
    kubeconfig: ~/.kube/config
  register: cluster

- name: Stop when a node is not ready
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
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.cluster import read_cluster


def main() -> None:
    """Describe a cluster."""
    run_module(kube_module({}), read_cluster)


if __name__ == "__main__":
    main()
