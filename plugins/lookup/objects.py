# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Lookup plugin: read objects of any kind on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
name: objects
short_description: Read Kubernetes objects of any kind
version_added: 0.2.0
description:
  - Does the same as M(slipway.lab.objects_info), on the controller.
  - The content of Secrets is hidden unless O(show_secrets) is true.
options:
  _terms:
    description: Names of objects. Without names, all objects that the selectors match.
    type: list
    elements: str
  fields:
    description: Paths of the fields to return, as for M(slipway.lab.objects_info).
    type: list
    elements: str
  show_secrets:
    description: Return the content of Secrets too.
    type: bool
    default: false
extends_documentation_fragment:
  - slipway.lab.object_selection
  - slipway.lab.kube_auth
notes:
  - C(module_defaults) do not apply to lookups. Set the environment variables C(K8S_AUTH_*), or give the options of the
    connection to each call.
  - C(query) always returns a list. C(lookup) returns a list too, unless exactly one object is found.
seealso:
  - module: slipway.lab.objects_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Print the images of all pods
  ansible.builtin.debug:
    msg: "{{ item.metadata.name }}: {{ item.spec.containers | map(attribute='image') | join(', ') }}"
  loop: "{{ query('slipway.lab.objects', kind='Pod', namespace='shop', fields=['spec.containers.image']) }}"

- name: Use the address of a Service
  ansible.builtin.set_fact:
    address: "{{ (query('slipway.lab.objects', 'web', kind='Service') | first).spec.clusterIP }}"

- name: Read custom resources of another cluster
  ansible.builtin.debug:
    msg: "{{ query('slipway.lab.objects', kind='Certificate', api_version='cert-manager.io/v1', context='staging') }}"
"""

RETURN = r"""
_raw:
  description: The objects, without C(managedFields).
  type: list
  elements: dict
"""

from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import AUTH_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import (
    SELECTION_EXCLUSIVE,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.objects import (
    READ_OPTIONS,
    objects_for,
)


class LookupModule(LookupBase):
    """Read the objects that terms and options select."""

    def run(self, terms: list, variables: dict | None = None, **options) -> list[dict]:
        """Return the objects.

        Args:
            terms: Names of objects.
            variables: Variables of the play, which have no effect.
            **options: The options of ``objects_info``.

        Raises:
            AnsibleLookupError: An option is not valid, or the objects cannot be read.
        """
        if terms:
            options["names"] = [*terms, *(options.get("names") or [])]
        # validated as those of the module are, with the same variables of the environment
        validator = ArgumentSpecValidator(
            {**AUTH_OPTIONS, **READ_OPTIONS}, mutually_exclusive=SELECTION_EXCLUSIVE
        )
        checked = validator.validate(options)
        if checked.error_messages:
            raise AnsibleLookupError(f"slipway.lab.objects: {'; '.join(checked.error_messages)}")
        try:
            return objects_for(checked.validated_parameters)
        except KubeError as error:
            raise AnsibleLookupError(f"slipway.lab.objects: {error}") from error
