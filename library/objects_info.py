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
  - Reads objects by name, or all that selectors match, in one namespace or in all. The API server filters.
  - The content of Secrets is hidden unless O(show_secrets) is true.
options:
  fields:
    description:
      - Paths of the fields to return, such as V(status.phase) or V(metadata.labels["example.com/x"]). By default the
        whole objects.
      - A path leads through all elements of a list, so V(spec.containers.image) returns the images of all containers.
      - C(apiVersion), C(kind), and name and namespace are always returned.
    type: list
    elements: str
  show_secrets:
    description: Return the content of Secrets too. Set C(no_log) for such a task.
    type: bool
    default: false
extends_documentation_fragment:
  - slipway.lab.object_selection
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

- name: Read the numbers of pods of two Deployments
  slipway.lab.objects_info:
    kind: Deployment
    names: [web, queue]
    fields: [spec.replicas, status.availableReplicas]

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
  description: The objects as the API server returns them, without C(managedFields), or their O(fields). Empty when none
    exists.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import (
    SELECTION_EXCLUSIVE,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.objects import (
    READ_OPTIONS,
    read_objects,
)


def main() -> None:
    """Read objects."""
    run_module(kube_module(READ_OPTIONS, mutually_exclusive=SELECTION_EXCLUSIVE), read_objects)


if __name__ == "__main__":
    main()
