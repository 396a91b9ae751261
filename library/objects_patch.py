#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: patch existing objects of any kind."""

from __future__ import annotations

DOCUMENTATION = r"""
module: objects_patch
short_description: Patch existing Kubernetes objects of any kind
version_added: 0.2.0
description:
  - Patches one object, or many concurrently. It never creates an object.
  - Each patch names the resourceVersion that the module has read. After a concurrent change, the module reads the
    object again. If an answer was lost, the module reads whether the patch took effect, so a patch that appends to a
    list is not applied twice.
options:
  patch:
    description: The patch. A mapping, or for a JSON patch a list of operations.
    type: raw
    required: true
  type:
    description:
      - V(merge) replaces lists and removes what is null. V(strategic) merges lists by the keys of their elements, for
        the kinds of Kubernetes itself. V(json) is a list of operations (RFC 6902). V(apply) owns the fields of the
        patch, and reports conflicts with their owners.
      - By default V(json) for a list, and V(merge) for a mapping.
    type: str
    choices: [merge, strategic, json, apply]
  subresource:
    description: Subresource to patch, such as V(status) or V(scale). By default the object itself.
    type: str
  resource_version:
    description: The resourceVersion that the object must have. Otherwise the task fails and changes nothing.
    type: str
  at_most:
    description: How many objects a selector may match. If it matches more, the task fails and changes nothing.
    type: int
    default: 100
  force:
    description: With V(apply), take over fields of other managers.
    type: bool
    default: false
  field_manager:
    description: Name that owns the patched fields.
    type: str
    default: slipway-patch
extends_documentation_fragment:
  - slipway.lab.object_selection
  - slipway.lab.kube_auth
  - slipway.lab.attributes
  - slipway.lab.progress
  - slipway.lab.wait_for
attributes:
  check_mode:
    support: full
    details: The API server carries out a dry run.
  diff_mode:
    support: full
    details: The content of Secrets is hidden.
notes:
  - A task is changed exactly if the resourceVersion of an object changed. A patch without effect changes nothing.
  - A JSON patch that appends has an effect on each run. Add an operation C(test) to make it conditional.
seealso:
  - module: slipway.lab.workload
  - module: slipway.lab.objects_info
  - module: kubernetes.core.k8s_json_patch
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Mark the Services of a team
  slipway.lab.objects_patch:
    kind: Service
    namespace: shop
    label_selector: team=a
    at_most: 10
    patch:
      metadata: {annotations: {example.com/owner: team-a}}

- name: Append an argument, if the arguments are as expected
  slipway.lab.objects_patch:
    kind: Deployment
    name: web
    patch:
      - {op: test, path: /spec/template/spec/containers/0/args, value: [--port=80]}
      - {op: add, path: /spec/template/spec/containers/0/args/-, value: --verbose}

- name: Set a field of a container by its name, and wait
  slipway.lab.objects_patch:
    kind: Deployment
    name: web
    type: strategic
    patch: {spec: {template: {spec: {containers: [{name: web, imagePullPolicy: Always}]}}}}
    wait_for: [{condition: Available}]
    wait_timeout: 300
    progress_file: /tmp/patch.jsonl

- name: Report a result in the status of a custom resource
  slipway.lab.objects_patch:
    api_version: example.com/v1
    kind: Backup
    name: nightly
    subresource: status
    resource_version: "{{ backup.metadata.resourceVersion }}"
    patch: {status: {phase: Done}}

- name: Own two keys of a ConfigMap of another tool
  slipway.lab.objects_patch:
    kind: ConfigMap
    name: settings
    type: apply
    field_manager: site-settings
    force: true
    patch: {data: {mode: fast, level: debug}}
"""

RETURN = r"""
objects:
  description:
    - Each object with C(kind), C(namespace), C(name), C(uid), C(resource_version), the C(action) (V(patched) or
      V(unchanged)) and its C(changes), each with C(field), C(before) and C(after).
  returned: always, except when nothing was sent
  type: list
  elements: dict
errors:
  description: Each object that could not be patched, with C(kind), C(namespace), C(name) and C(message).
  returned: on failure
  type: list
  elements: dict
waited_for:
  description: Each entry of O(wait_for) as C(expected), with its last C(state) and whether it was C(met).
  returned: with O(wait_for)
  type: list
  elements: dict
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import (
    AT_MOST,
    SELECTION,
    SELECTION_EXCLUSIVE,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.expectations import (
    WAIT_FOR,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.patch import patch_objects

OPTIONS = {
    **SELECTION,
    "patch": {"type": "raw", "required": True},
    "type": {"type": "str", "choices": ["merge", "strategic", "json", "apply"]},
    "subresource": {"type": "str"},
    "resource_version": {"type": "str"},
    "at_most": AT_MOST,
    "force": {"type": "bool", "default": False},
    "field_manager": {"type": "str", "default": field_managers.PATCH},
    "wait_for": {"type": "list", "elements": "dict", "options": WAIT_FOR},
    "wait_timeout": {"type": "int", "default": 120},
    "progress_file": {"type": "str", "default": ""},
}


def main() -> None:
    """Patch objects."""
    module = kube_module(OPTIONS, mutually_exclusive=SELECTION_EXCLUSIVE)
    run_module(module, patch_objects)


if __name__ == "__main__":
    main()
