# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the options that select objects of any kind (``SELECTION`` of ``workload/selection.py``)."""

from __future__ import annotations


class ModuleDocFragment:
    """Found by Ansible through ``extends_documentation_fragment: [slipway.lab.object_selection]``."""

    DOCUMENTATION = r"""
options:
  api_version:
    description: API version of the kind. Not needed for usual kinds, such as Pod, Service or Deployment.
    type: str
  kind:
    description:
      - Kind of the objects, or a short name that the API server has for it, such as V(po) or V(deploy).
      - A short name of several kinds is an error, which names them.
    type: str
    required: true
  name:
    description: Name of an object.
    type: str
  names:
    description: Names of objects.
    type: list
    elements: str
  namespace:
    description: Namespace. With O(all_namespaces), and for kinds without a namespace, it has no effect.
    type: str
    default: default
  all_namespaces:
    description: Select the objects of all namespaces.
    type: bool
    default: false
  label_selector:
    description: Label selector, such as C(app=web,tier notin (cache)).
    type: str
  field_selector:
    description: Field selector, such as C(status.phase=Running).
    type: str
"""
