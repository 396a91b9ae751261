#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: delete objects of any kind."""

from __future__ import annotations

DOCUMENTATION = r"""
module: objects_delete
short_description: Delete Kubernetes objects of any kind
version_added: 0.2.0
description:
  - Deletes objects by name, all that selectors match, or all of a kind in a namespace, and waits until they are gone.
  - Each deletion names the uid that the module has read. An object that another client has created in the meantime
    stays.
  - Objects with the annotation C(slipway/keep=true) stay. Objects that hold data stay unless O(remove_data) is true.
options:
  all:
    description: Delete all objects of the kind in the namespace.
    type: bool
    default: false
  at_most:
    description: How many objects may match without names. If more match, the task fails and deletes nothing.
    type: int
    default: 100
  remove_data:
    description:
      - Delete although data goes along. Otherwise the task fails for PersistentVolumeClaims, PersistentVolumes,
        VolumeSnapshots, VolumeSnapshotContents, namespaces with claims, CustomResourceDefinitions with other objects,
        StatefulSets whose retention policy deletes their claims, and objects that own claims, also through other
        objects.
    type: bool
    default: false
  propagation:
    description:
      - What happens to the objects that an object owns. V(foreground) deletes them first, V(background) afterwards,
        V(orphan) keeps them.
    type: str
    choices: [foreground, background, orphan]
    default: foreground
  grace_period:
    description: Seconds that a pod may use to end, instead of its own period. V(0) does not wait for the node.
    type: int
  wait:
    description: Wait until the objects are gone.
    type: bool
    default: true
  wait_timeout:
    description: Seconds for the whole task.
    type: int
    default: 120
extends_documentation_fragment:
  - slipway.lab.object_selection
  - slipway.lab.kube_auth
  - slipway.lab.attributes
  - slipway.lab.progress
attributes:
  check_mode:
    support: full
    details: The API server carries out a dry run, and the result lists the objects.
  diff_mode:
    support: full
    details: The content of Secrets is hidden.
notes:
  - Objects that do not exist are ignored. An object that is being deleted already is waited for.
  - At the end of O(wait_timeout), the error names the finalizers and pods that hold an object.
seealso:
  - module: slipway.lab.workload
  - module: slipway.lab.objects_info
  - module: kubernetes.core.k8s
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Delete two ConfigMaps
  slipway.lab.objects_delete:
    kind: ConfigMap
    namespace: shop
    names: [old-settings, older-settings]

- name: Delete the finished Jobs of a team, but never more than 20, and keep their pods
  slipway.lab.objects_delete:
    kind: Job
    namespace: shop
    label_selector: team=a
    field_selector: status.successful=1
    at_most: 20
    propagation: orphan

- name: Delete all pods of a test immediately
  slipway.lab.objects_delete:
    kind: Pod
    namespace: test
    all: true
    grace_period: 0
    wait_timeout: 30
    progress_file: /tmp/delete.jsonl

- name: Delete a claim with its data
  slipway.lab.objects_delete:
    kind: PersistentVolumeClaim
    name: data-queue-0
    remove_data: true
    wait: false
"""

RETURN = r"""
objects:
  description:
    - Each deleted object with C(kind), C(namespace), C(name), C(uid), C(resource_version) and the C(action)
      V(deleted).
  returned: always, except when nothing was sent
  type: list
  elements: dict
kept:
  description: The objects that stay because of the annotation C(slipway/keep).
  returned: success
  type: list
  elements: str
errors:
  description: Each object that could not be deleted, with C(kind), C(namespace), C(name) and C(message).
  returned: on failure
  type: list
  elements: dict
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import (
    AT_MOST,
    SELECTION,
    SELECTION_EXCLUSIVE,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.delete import (
    delete_selected,
)

OPTIONS = {
    **SELECTION,
    "all": {"type": "bool", "default": False},
    "at_most": AT_MOST,
    "remove_data": {"type": "bool", "default": False},
    "propagation": {
        "type": "str",
        "choices": ["foreground", "background", "orphan"],
        "default": "foreground",
    },
    "grace_period": {"type": "int"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 120},
    "progress_file": {"type": "str", "default": ""},
}


def main() -> None:
    """Delete objects."""
    module = kube_module(OPTIONS, mutually_exclusive=SELECTION_EXCLUSIVE)
    run_module(module, delete_selected)


if __name__ == "__main__":
    main()
