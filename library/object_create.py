#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: create one object on each run."""

from __future__ import annotations

DOCUMENTATION = r"""
module: object_create
short_description: Create a Kubernetes object on each run
version_added: 0.2.0
description:
  - Creates an object that is meant to be made once for each run, such as a Job, and can wait for its end.
  - The module makes a name from C(metadata.generateName) itself. If an answer was lost, it looks the object up by its
    name, so a run never creates two.
options:
  definition:
    description: The object, with C(metadata.name) or C(metadata.generateName).
    type: dict
  from_cron_job:
    description: Name of a CronJob. Creates a Job from its template, as C(kubectl create job --from) does.
    type: str
  name:
    description: Name of the Job of O(from_cron_job). By default, the module makes one from the name of the CronJob.
    type: str
  namespace:
    description: Namespace of O(from_cron_job), and of a definition that names none.
    type: str
    default: default
  wait:
    description:
      - Wait until a Job is complete, a Pod is ready or has succeeded, or a workload is rolled out. The task fails early
        with the cause, events and log lines if the object fails.
    type: bool
    default: false
  log_lines:
    description: How many of the last log lines of each container to return after the wait.
    type: int
    default: 20
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
  - slipway.lab.fail_after
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
  - Always reports a change. To declare an object that exists once, use M(slipway.lab.workload).
seealso:
  - module: slipway.lab.workload
  - module: slipway.lab.objects_delete
  - module: kubernetes.core.k8s
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Run a backup now, and wait for its end
  slipway.lab.object_create:
    namespace: shop
    from_cron_job: backup
    wait: true
    wait_timeout: 900
    log_lines: 50
    fail_after: {pull: 120}
    progress_file: /tmp/backup.jsonl

- name: Run a migration under a new name each time
  slipway.lab.object_create:
    namespace: shop
    definition:
      apiVersion: batch/v1
      kind: Job
      metadata: {generateName: migrate-}
      spec:
        backoffLimit: 0
        template:
          spec:
            restartPolicy: Never
            containers: [{name: migrate, image: "registry.example.com/shop:1.4", command: [migrate]}]
    wait: true

- name: Request a certificate, and wait until it is approved
  slipway.lab.object_create:
    definition:
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {generateName: user-}
      spec:
        request: "{{ request | b64encode }}"
        signerName: kubernetes.io/kube-apiserver-client
        usages: [client auth]
    wait_for: [{condition: Approved}]

- name: Run a CronJob under a known name
  slipway.lab.object_create: {namespace: shop, from_cron_job: backup, name: backup-before-update}
"""

RETURN = r"""
kind:
  description: Kind of the object.
  returned: when it was created
  type: str
namespace:
  description: Namespace of the object.
  returned: when it was created
  type: str
name:
  description: Name of the object.
  returned: when it was created
  type: str
uid:
  description: The uid of the object.
  returned: when it was created
  type: str
resource_version:
  description: The resourceVersion of the object.
  returned: when it was created
  type: str
state:
  description: State of the object at the end of the wait, such as V(complete).
  returned: with O(wait)
  type: str
seconds:
  description: Duration of the wait.
  returned: with O(wait)
  type: float
logs:
  description: For each container C(pod), C(container) and C(lines), or C(problem) if its log could not be read.
  returned: with O(wait), for objects with pods
  type: list
  elements: dict
failures:
  description: Causes of the failure, in the form of M(slipway.lab.workload).
  returned: on failure of a wait
  type: list
  elements: dict
waited_for:
  description: Each entry of O(wait_for) as C(expected), with its last C(state) and whether it was C(met).
  returned: with O(wait_for)
  type: list
  elements: dict
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FAIL_AFTER
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.expectations import (
    WAIT_FOR,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.create import create

OPTIONS = {
    "definition": {"type": "dict"},
    "from_cron_job": {"type": "str"},
    "name": {"type": "str"},
    "namespace": {"type": "str", "default": "default"},
    "wait": {"type": "bool", "default": False},
    "log_lines": {"type": "int", "default": 20},
    "wait_for": {"type": "list", "elements": "dict", "options": WAIT_FOR},
    "wait_timeout": {"type": "int", "default": 120},
    "fail_after": {
        "type": "dict",
        "options": {name: {"type": "int", "default": value} for name, value in FAIL_AFTER.items()},
    },
    "progress_file": {"type": "str", "default": ""},
}


def main() -> None:
    """Create an object."""
    module = kube_module(
        OPTIONS,
        mutually_exclusive=[("definition", "from_cron_job")],
        required_one_of=[("definition", "from_cron_job")],
    )
    run_module(module, create)


if __name__ == "__main__":
    main()
