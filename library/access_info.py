#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read what an account may do."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_info
short_description: Read whether the account may do something on Kubernetes
version_added: 0.2.0
description:
  - Asks the API server about many rights of the account of the connection, or of O(impersonate_user), concurrently.
  - Can fail with the list of missing rights, before a play changes anything.
options:
  checks:
    description: The rights. Each has exactly one of C(kind), C(resource) and C(path).
    type: list
    elements: dict
    required: true
    suboptions:
      verb:
        description: Verb, such as V(get), V(list), V(create), V(patch), V(delete) or V(*).
        type: str
        required: true
      kind:
        description: Kind, such as V(Deployment).
        type: str
      api_version:
        description: API version of the kind. Not needed for usual kinds.
        type: str
      resource:
        description: Resource, such as V(deployments), V(certificates.cert-manager.io) or V(pods/log).
        type: str
      group:
        description: API group of the resource. Not needed for the resources of usual kinds.
        type: str
      subresource:
        description: Subresource, such as V(scale) or V(exec).
        type: str
      namespace:
        description: Namespace. By default O(namespace). An empty text stands for all namespaces.
        type: str
      name:
        description: Name of an object. By default all objects.
        type: str
      path:
        description: Path that belongs to no resource, such as V(/metrics).
        type: str
  namespace:
    description: Namespace of checks that name none.
    type: str
    default: default
  require:
    description: Fail if the account does not have all of the rights.
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
notes:
  - A right that depends on the name of an object is only seen if the check names it.
seealso:
  - module: slipway.lab.workload
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Stop before the deployment if the account lacks a right
  slipway.lab.access_info:
    namespace: shop
    require: true
    checks:
      - {verb: patch, kind: Deployment}
      - {verb: patch, kind: Deployment, subresource: scale}
      - {verb: get, resource: pods/log}
      - {verb: create, kind: Certificate, api_version: cert-manager.io/v1}

- name: Read what an auditor may do
  slipway.lab.access_info:
    impersonate_user: auditor
    checks:
      - {verb: list, resource: secrets, namespace: ""}
      - {verb: delete, resource: deployments, group: apps, namespace: shop, name: web}
      - {verb: get, path: /metrics}
  register: access
"""

RETURN = r"""
checks:
  description:
    - Each check with its attributes, the right as C(text), whether it is C(allowed), and the C(reason) if the API
      server gives one.
  returned: always
  type: list
  elements: dict
allowed:
  description: Whether the account has all of the rights.
  returned: always
  type: bool
missing:
  description: The missing rights, such as V(delete deployments.apps in shop).
  returned: always
  type: list
  elements: str
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.access import (
    CHECK,
    read_access,
)

OPTIONS = {
    "checks": {"type": "list", "elements": "dict", "options": CHECK, "required": True},
    "namespace": {"type": "str", "default": "default"},
    "require": {"type": "bool", "default": False},
}


def main() -> None:
    """Read what an account may do."""
    run_module(kube_module(OPTIONS), read_access)


if __name__ == "__main__":
    main()
