#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: run Kubernetes' own conformance tests on a cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: conformance_tests
short_description: Run Kubernetes' own conformance tests on a cluster
version_added: 0.1.0
description:
  - Runs C(e2e.test) of Kubernetes with C(ginkgo). Several tests run at the same time.
  - Fails when a test failed, and names each failed test with its reason and a file with its evidence.
  - Each test creates a namespace of its own and deletes it at its end.
options:
  programs:
    description: Directory with the programs C(e2e.test) and C(ginkgo), for the version of the cluster.
    type: path
    required: true
  kubeconfig:
    description: Path of the kubeconfig. Its current context is used.
    type: path
    required: true
  kubectl:
    description: Path of the C(kubectl) that the tests call.
    type: path
    required: true
  directory:
    description: Directory for the log, the report and the evidence of failed tests. Earlier files are replaced.
    type: path
    required: true
  focus:
    description: Regular expression (of Go). Only tests whose name matches run.
    type: str
    default: '\[Conformance\]'
  skip:
    description: Regular expression (of Go). Tests whose name matches do not run. An empty text leaves out none.
    type: str
    default: '\[Serial\]|\[Disruptive\]'
  names:
    description: Full names of the tests to run. Replaces O(focus) and O(skip). An unknown name is an error.
    type: list
    elements: str
    default: []
  registry:
    description:
      - Registry, and path below it, from which pods take the images that the tests expect in
        C(registry.k8s.io/e2e-test-images). By default, from there.
    type: str
    default: ""
  processes:
    description:
      - Number of tests that run at the same time. Use V(1) for tests with C([Serial]) in their name, because they
        change what other tests rely on.
    type: int
    default: 4
  timeout:
    description: Seconds after which the run ends. The tests that did not run by then count as failed.
    type: int
    default: 14400
  junit:
    description: Path of the JUnit XML file. By default in O(directory).
    type: path
extends_documentation_fragment: [slipway.lab.progress, slipway.lab.attributes]
attributes:
  check_mode:
    support: full
    details: Lists the tests that would run, without a request to the cluster.
  diff_mode:
    support: none
requirements:
  - e2e.test and ginkgo of the cluster's version
notes:
  - Never reports a change. The tests remove their objects. An interrupted run can leave a namespace with the label
    C(e2e-framework).
seealso:
  - module: slipway.lab.cluster_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Run all conformance tests that may run at the same time
  slipway.lab.conformance_tests:
    programs: /opt/conformance
    kubeconfig: /home/dev/.kube/config
    kubectl: /usr/local/bin/kubectl
    directory: /tmp/conformance

- name: Run the serial ones
  slipway.lab.conformance_tests:
    programs: /opt/conformance
    kubeconfig: /home/dev/.kube/config
    kubectl: /usr/local/bin/kubectl
    directory: /tmp/conformance
    focus: '\[Serial\].*\[Conformance\]'
    skip: ""
    processes: 1
    timeout: 7200
    junit: /tmp/results/serial.xml
    progress_file: /tmp/conformance/progress.jsonl
  register: serial
  failed_when: serial.failed | default(1) > 2

- name: Run one test with images of another registry
  slipway.lab.conformance_tests:
    programs: /opt/conformance
    kubeconfig: /home/dev/.kube/config
    kubectl: /usr/local/bin/kubectl
    directory: /tmp/conformance
    names: ["[sig-node] Pods should get a host IP [NodeConformance] [Conformance]"]
    registry: registry.example/e2e-test-images
"""

RETURN = r"""
tests:
  description: Number of selected tests, and of failed steps of the suite.
  returned: when the tests could be listed
  type: int
passed:
  description: Number of tests that passed.
  returned: when the tests ran
  type: int
failed:
  description: Number of tests that failed.
  returned: when the tests ran
  type: int
skipped:
  description: Number of tests that ended early, because this cluster cannot run them.
  returned: when the tests ran
  type: int
names:
  description: Full names of the tests.
  returned: when the tests could be listed
  type: list
  elements: str
skips:
  description: The skipped tests, each with C(name) and C(reason).
  returned: when the tests ran
  type: list
  elements: dict
failures:
  description: The failed tests, each with C(name), C(reason) and C(evidence), the path of a file.
  returned: when the tests ran
  type: list
  elements: dict
junit:
  description: Path of the JUnit XML file.
  returned: when the tests ran
  type: str
log:
  description: Path of the log.
  returned: when the tests ran
  type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.conformance.suite import Suite
from ansible_collections.slipway.lab.plugins.module_utils.conformance.tasks import (
    junit_path,
    run_tests,
    settings,
)


def main() -> None:
    """Run the selected tests."""
    module = AnsibleModule(
        argument_spec={
            "programs": {"type": "path", "required": True},
            "kubeconfig": {"type": "path", "required": True},
            "kubectl": {"type": "path", "required": True},
            "directory": {"type": "path", "required": True},
            "focus": {"type": "str", "default": r"\[Conformance\]"},
            "skip": {"type": "str", "default": r"\[Serial\]|\[Disruptive\]"},
            "names": {"type": "list", "elements": "str", "default": []},
            "registry": {"type": "str", "default": ""},
            "processes": {"type": "int", "default": 4},
            "timeout": {"type": "int", "default": 14400},
            "junit": {"type": "path"},
            "progress_file": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    suite = Suite(settings(module.params))
    progress = Progress(module.params["progress_file"], "conformance_tests")
    run_module(
        module,
        lambda _: run_tests(suite, module.check_mode, junit_path(module.params), progress),
        on_signal=suite.interrupt,
    )


if __name__ == "__main__":
    main()
