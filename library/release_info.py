#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read what is known about a release of a chart."""

from __future__ import annotations

DOCUMENTATION = r"""
module: release_info
short_description: Read whether a Helm chart is deployed, and which versions the cluster has
version_added: 0.2.0
description:
  - Reads the record that M(slipway.lab.workload) keeps of a chart, and the latest revision that helm keeps.
  - Reads the version of Kubernetes and the served API versions, on which the templates of a chart depend.
options:
  name:
    description: Name of the release.
    type: str
    required: true
  namespace:
    description: Namespace of the release.
    type: str
    default: default
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.workload
  - module: kubernetes.core.helm_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read which version of a chart is deployed
  slipway.lab.release_info:
    name: shop
    namespace: shop
  register: shop

- name: Fail if helm still owns the release
  ansible.builtin.assert:
    that: shop.helm is none
"""

RETURN = r"""
release:
  description: What M(slipway.lab.workload) recorded. Null if it has not deployed the release.
  returned: always
  type: dict
  contains:
    chart:
      description: Name of the chart.
      type: str
    version:
      description: Version of the chart.
      type: str
    digest:
      description: Digest of the chart and its values. Hooks run when it changes.
      type: str
    mode:
      description: Whether the templates were rendered for an C(install) or an C(upgrade).
      type: str
helm:
  description: The latest C(revision) that helm keeps, and its C(status). Null if helm does not own the release, or the
    account may not list Secrets.
  returned: always
  type: dict
version:
  description: Version of Kubernetes.
  returned: always
  type: str
api_versions:
  description: Served API versions, such as C(apps/v1), and their kinds, such as C(apps/v1/Deployment).
  returned: always
  type: list
  elements: str
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.release import read_release

OPTIONS = {
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str", "default": "default"},
}


def main() -> None:
    """Read a release."""
    run_module(kube_module(OPTIONS), read_release)


if __name__ == "__main__":
    main()
