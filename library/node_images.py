#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: load images into the nodes of a Minikube cluster, or remove them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_images
short_description: Load images into the nodes of a Minikube cluster, or remove them
version_added: 0.1.0
description:
  - Loads an archive of images into all running nodes of a profile, so that pods start from them without a registry.
    Only nodes that lack an image of the archive, or have another image under its name, get the archive.
  - Removes images from all running nodes, unless a container of a pod uses one of them.
  - Runs on the host of the cluster, as a user who may use the container engine.
  - A node that is added or recreated later does not have the images. Push images that must last to a registry.
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
  state:
    description:
      - V(present) loads O(archive).
      - V(absent) removes O(names).
    type: str
    choices: [present, absent]
    default: present
  archive:
    description:
      - Archive of C(docker save), or of an OCI layout whose images have full names, also compressed.
      - A file on the controller, beside the role or the playbook. It is copied to the host only if a node needs it.
    type: path
  remote_src:
    description: The archive is on the host.
    type: bool
    default: false
  contents:
    description: IDs of the images in O(archive) by full name. The controller reads them from the archive; O(archive) is
      not read when no node needs it.
    type: dict
  names:
    description: Images to remove, by name or by ID.
    type: list
    elements: str
requirements:
  - nodes with containerd
extends_documentation_fragment: [slipway.lab.attributes, slipway.lab.progress]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details: Shows for each node the images that are loaded or removed.
seealso:
  - module: slipway.lab.node_images_info
  - module: slipway.lab.image
  - module: slipway.lab.registry_images
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Load images that docker save has written
  slipway.lab.node_images:
    archive: images/shop.tar
  become: true

- name: Load an archive that is on the host into another profile
  slipway.lab.node_images:
    profile: staging
    driver: podman
    archive: /srv/images/shop.tar.gz
    remote_src: true
    progress_file: /tmp/load.jsonl

- name: Compare the nodes with known contents
  slipway.lab.node_images:
    archive: /srv/images/shop.tar
    remote_src: true
    contents:
      docker.io/shop/web:v1: sha256:8bd54438ffe6caa46dc842add044a9a13742a24f83988b74102a0f934d48d8d4
  check_mode: true

- name: Remove images
  slipway.lab.node_images:
    state: absent
    names: [shop/web:v1, shop/db:v1]
  become: true
"""

RETURN = r"""
nodes:
  description: Names of the images that were loaded into each node, or removed from it, by name of the node.
  returned: always
  type: dict
  sample: {minikube: ["docker.io/shop/web:v1"], minikube-m02: []}
images:
  description: IDs of the images in the archive by full name.
  returned: when O(state=present)
  type: dict
"""

import platform
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_images import (
    NodeImages,
    load_archive,
    removals,
    running_nodes,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.archive import (
    full_name,
    read_archive,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.image import go_architecture


def present(module: AnsibleModule, nodes: list[NodeImages]) -> dict:
    """Load the archive into the nodes that need it."""
    archive = Path(module.params["archive"])
    wanted = module.params["contents"] or read_archive(archive, go_architecture(platform.machine()))
    missing = {node.node: node.missing(wanted) for node in nodes}
    need = [node for node in nodes if missing[node.node]]
    if need and not module.check_mode:
        load_archive(need, archive, wanted, Progress(module.params["progress_file"], "images"))
    return {"nodes": missing, "images": wanted}


def absent(module: AnsibleModule, nodes: list[NodeImages]) -> dict:
    """Remove the named images from the nodes that have them."""
    names = module.params["names"]
    names = [one if one.startswith("sha256:") else full_name(one) for one in names]
    found = removals(nodes, names)
    removed = {node.node: [] for node in nodes}
    for node, image, given in found:
        if not module.check_mode:
            node.remove(image, given)
        removed[node.node] += given
    return {"nodes": removed}


def work(module: AnsibleModule) -> dict:
    """Return the result of the module."""
    engine = Engine(module.params["driver"])
    engine.check()
    nodes = running_nodes(engine, module.params["profile"])
    state = module.params["state"]
    result = (present if state == "present" else absent)(module, nodes)
    changes = {node: dict.fromkeys(names, "loaded") for node, names in result["nodes"].items()}
    nothing = {node: {} for node in changes}
    before, after = (nothing, changes) if state == "present" else (changes, nothing)
    changed = any(result["nodes"].values())
    return {"changed": changed, "diff": {"before": before, "after": after}, **result}


def main() -> None:
    """Load or remove images."""
    module = AnsibleModule(
        argument_spec={
            "profile": {"type": "str", "default": "minikube"},
            "driver": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "archive": {"type": "path"},
            "remote_src": {"type": "bool", "default": False},
            "contents": {"type": "dict"},
            "names": {"type": "list", "elements": "str"},
            "progress_file": {"type": "str", "default": ""},
        },
        required_if=[("state", "present", ["archive"]), ("state", "absent", ["names"])],
        supports_check_mode=True,
    )
    run_module(module, work)


if __name__ == "__main__":
    main()
