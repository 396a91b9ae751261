# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the options of every module that connects to a cluster (``AUTH_OPTIONS`` of ``kube/auth.py``)."""

from __future__ import annotations


class ModuleDocFragment:
    """Found by Ansible through ``extends_documentation_fragment: [slipway.lab.kube_auth]``."""

    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - Path of a kubeconfig (several separated by C(:)), or its content as a mapping or as text.
      - Falls back to E(K8S_AUTH_KUBECONFIG), E(KUBECONFIG), C(~/.kube/config), then the service account of the pod.
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
    description: Verify the certificate of the API server. E(K8S_AUTH_VERIFY_SSL).
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
    description: Hosts that are reached without the proxy, separated by commas. E(K8S_AUTH_NO_PROXY).
    type: str
  impersonate_user:
    description: Act as this user. E(K8S_AUTH_IMPERSONATE_USER).
    type: str
  impersonate_groups:
    description: Act as a member of these groups. E(K8S_AUTH_IMPERSONATE_GROUPS).
    type: list
    elements: str
requirements:
  - kubernetes >= 24.2.0 (28.1 for C(tls-server-name) with a plugin, a proxy or M(slipway.lab.workload_exec))
  - PyYAML >= 5.4
  - urllib3 >= 2.3
  - websocket-client >= 1.0
"""
