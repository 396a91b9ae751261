#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read objects of any kind."""

from __future__ import annotations

DOCUMENTATION = r"""
module: objects_info
short_description: Read Kubernetes objects of any kind
version_added: 0.2.0
description:
  - Reads one object by name, or all that selectors match, in one namespace or in all.
  - The content of Secrets is hidden unless O(show_secrets) is true.
options:
  api_version:
    description: API version of the kind. Not needed for usual kinds, such as Pod, Service or Deployment.
    type: str
  kind:
    description: Kind of the objects.
    type: str
    required: true
  name:
    description: Name of an object. By default all objects of the kind are read.
    type: str
  namespace:
    description: Namespace. By default V(default). With O(all_namespaces), and for kinds without a namespace, it has no
      effect.
    type: str
    default: default
  all_namespaces:
    description: Read the objects of all namespaces.
    type: bool
    default: false
  label_selector:
    description: Label selector, such as C(app=web,tier notin (cache)).
    type: str
  field_selector:
    description: Field selector, such as C(status.phase=Running).
    type: str
  show_secrets:
    description: Return the content of Secrets too. Set C(no_log) for such a task.
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
  - module: slipway.lab.workload_info
  - module: kubernetes.core.k8s_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read the pods of a node that do not run
  slipway.lab.objects_info:
    kind: Pod
    all_namespaces: true
    label_selector: app=web
    field_selector: spec.nodeName=minikube-m02,status.phase!=Running
  register: found

- name: Read a custom resource
  slipway.lab.objects_info:
    api_version: cert-manager.io/v1
    kind: Certificate
    name: web
    namespace: shop

- name: Read a password
  slipway.lab.objects_info:
    kind: Secret
    name: database
    show_secrets: true
  register: secret
  no_log: true
"""

RETURN = r"""
objects:
  description: The objects as the API server returns them, without C(managedFields). Empty when none exists.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.objects import read_objects

OPTIONS = {
    "api_version": {"type": "str"},
    "kind": {"type": "str", "required": True},
    "name": {"type": "str"},
    "namespace": {"type": "str", "default": "default"},
    "all_namespaces": {"type": "bool", "default": False},
    "label_selector": {"type": "str"},
    "field_selector": {"type": "str"},
    "show_secrets": {"type": "bool", "default": False, "no_log": False},
}


def main() -> None:
    """Read objects."""
    exclusive = [("name", "all_namespaces"), ("name", "label_selector"), ("name", "field_selector")]
    run_module(kube_module(OPTIONS, mutually_exclusive=exclusive), read_objects)


if __name__ == "__main__":
    main()
