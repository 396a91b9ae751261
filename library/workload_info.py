#!/usr/bin/python
"""Ansible module: one look at an application."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_info
short_description: Look at a workload, its pods, services, events, logs and use of resources
description:
  - Collects in parallel what one would ask for by a dozen commands.
  - What the credentials may not read, or what the cluster does not have (metrics), is left empty.
options:
  name:
    description: Name of the workload.
    type: str
  kind:
    description: Kind of the workload. Found by the name when left out.
    type: str
    choices: [Deployment, StatefulSet, DaemonSet, Job, CronJob]
  namespace:
    description: Namespace.
    type: str
    default: default
  selector:
    description: All workloads of the namespace that this label selector finds, instead of O(name).
    type: str
  log_lines:
    description: Number of last log lines of each container. 0 for none.
    type: int
    default: 10
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
- name: Look at the application
  workload_info:
    name: hello-node
  register: look

- name: Where its pods run
  ansible.builtin.debug:
    msg: "{{ look.workloads[0].pods | items2dict(key_name='name', value_name='node') }}"
"""

RETURN = r"""
workloads:
  description:
    - The workloads. Each has C(kind), C(name), C(ready), C(state), C(replicas), C(images),
      C(conditions), C(pods)
      (with C(node), C(restarts), C(containers), C(problem), C(logs), C(use)), C(services) (with
      C(ready_addresses)), C(autoscaler), C(events), C(object).
    - Empty when there is none of that name.
  returned: always
  type: list
  elements: dict
"""

from ansible.module_utils.slipway.kube_client import KubeClient
from ansible.module_utils.slipway.kube_errors import KubeError
from ansible.module_utils.slipway.kube_module import kube_module, run
from ansible.module_utils.slipway.kube_resources import Resources
from ansible.module_utils.slipway.workload_find import REFERENCE, check_reference, find_all
from ansible.module_utils.slipway.workload_look import look

OPTIONS = {
    **REFERENCE,
    "selector": {"type": "str"},
    "log_lines": {"type": "int", "default": 10},
}


def info(module) -> dict:
    """Look at each workload."""
    check_reference(module.params)
    if module.params["log_lines"] < 0:
        raise KubeError("log_lines: a number from 0")
    client = KubeClient(module.params)
    found = find_all(client, Resources(client), module.params)
    return {"workloads": [look(client, workload, module.params["log_lines"]) for workload in found]}


def main() -> None:
    """Run the module."""
    choice = ("name", "selector")
    run(kube_module(OPTIONS, mutually_exclusive=[choice], required_one_of=[choice]), info)


if __name__ == "__main__":
    main()
