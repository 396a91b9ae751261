#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: list the images of the nodes of a Minikube cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_images_info
short_description: List the images of the nodes of a Minikube cluster
version_added: 0.1.0
description:
  - Lists the images of all running nodes of a profile, as the kubelet sees them.
  - Runs on the host of the cluster, as a user who may use the container engine.
options:
  profile:
    description: Name of the profile.
    type: str
    default: minikube
  driver:
    description: Container engine of the nodes.
    type: str
    choices: [docker, podman]
    default: docker
requirements:
  - nodes with containerd
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.node_images
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: List the images of a cluster
  slipway.lab.node_images_info:
    profile: staging
    driver: podman
  become: true
  register: found

- name: Print their names
  ansible.builtin.debug:
    msg: "{{ found.images | map(attribute='names') | flatten }}"
"""

RETURN = r"""
images:
  description: Images in the order of their names.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Digest of the image's configuration.
      type: str
    names:
      description: Full names with tags. Empty for an image without a tag.
      type: list
      elements: str
    digests:
      description: Full names with digests.
      type: list
      elements: str
    bytes:
      description: Size.
      type: int
    nodes:
      description: Nodes that have the image.
      type: list
      elements: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_images import (
    list_images,
    running_nodes,
)


def work(module: AnsibleModule) -> dict:
    """Return the result of the module."""
    engine = Engine(module.params["driver"])
    engine.check()
    return {
        "changed": False,
        "images": list_images(running_nodes(engine, module.params["profile"])),
    }


def main() -> None:
    """List images."""
    module = AnsibleModule(
        argument_spec={
            "profile": {"type": "str", "default": "minikube"},
            "driver": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
        },
        supports_check_mode=True,
    )
    run_module(module, work)


if __name__ == "__main__":
    main()
