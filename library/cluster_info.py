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
options:
  kubeconfig:
    description:
      - Path of a kubeconfig (several separated by C(:)), or its content as a mapping.
      - Falls back to E(K8S_AUTH_KUBECONFIG), E(KUBECONFIG), C(~/.kube/config), then the pod's
        service account.
    type: raw
  context:
    description: Context of the kubeconfig. E(K8S_AUTH_CONTEXT).
    type: str
  host:
    description: URL of the API server, instead of a kubeconfig. E(K8S_AUTH_HOST).
    type: str
  api_key:
    description: Bearer token. E(K8S_AUTH_API_KEY).
    type: str
  username:
    description: User of basic authentication. E(K8S_AUTH_USERNAME).
    type: str
  password:
    description: Password of basic authentication. E(K8S_AUTH_PASSWORD).
    type: str
  validate_certs:
    description: Whether the API server's certificate is checked. E(K8S_AUTH_VERIFY_SSL).
    type: bool
    aliases: [verify_ssl]
  ca_cert:
    description: File of the certificate authority. E(K8S_AUTH_SSL_CA_CERT).
    type: path
    aliases: [ssl_ca_cert]
  client_cert:
    description: File of the client certificate. E(K8S_AUTH_CERT_FILE).
    type: path
    aliases: [cert_file]
  client_key:
    description: File of the client certificate's key. E(K8S_AUTH_KEY_FILE).
    type: path
    aliases: [key_file]
  proxy:
    description: URL of an HTTP proxy. E(K8S_AUTH_PROXY).
    type: str
  no_proxy:
    description: Hosts that are reached without the proxy, separated by commas.
      E(K8S_AUTH_NO_PROXY).
    type: str
  impersonate_user:
    description: Act as this user. E(K8S_AUTH_IMPERSONATE_USER).
    type: str
  impersonate_groups:
    description: Act as a member of these groups. E(K8S_AUTH_IMPERSONATE_GROUPS).
    type: list
    elements: str
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

from ansible.module_utils.slipway.kube_client import FIRST_SECONDS, KubeClient
from ansible.module_utils.slipway.kube_errors import KubeError
from ansible.module_utils.slipway.kube_module import kube_module, run
from ansible.module_utils.slipway.kube_nodes import summary


def look(module) -> dict:
    """Ask; an error becomes the reason."""
    result = {
        "reachable": False,
        "reason": "",
        "host": "",
        "version": "",
        "ready": False,
        "nodes": [],
    }
    try:
        client = KubeClient(module.params, patience=FIRST_SECONDS)
        result["host"] = client.host
        result["version"] = client.get("/version").get("gitVersion", "")
        result["reachable"] = True
        nodes, _ = client.listing("/api/v1/nodes")
        result["nodes"] = sorted(map(summary, nodes), key=lambda node: node["name"])
        result["ready"] = bool(nodes) and all(node["ready"] for node in result["nodes"])
    except KubeError as error:
        result["reason"] = str(error)
    return result


def main() -> None:
    """Run the module."""
    run(kube_module({}), look)


if __name__ == "__main__":
    main()
