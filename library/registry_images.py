#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: copy the declared images into a registry."""

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_images
short_description: Copy the declared images into a registry
version_added: 0.1.0
description:
  - Requests the digests of all images from the registry concurrently. Copies with C(skopeo) the images that the
    registry lacks, or has with another digest.
  - Images that are not declared stay in the registry.
options:
  registry:
    description: Address and port of the registry.
    type: str
    required: true
  images:
    description: The images. Each has exactly one of C(archive), C(layout) and C(source).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Repository and tag.
        type: str
        required: true
      archive:
        description: Archive of C(docker save).
        type: path
      layout:
        description: Directory with an OCI layout. The copy keeps its digest.
        type: path
      source:
        description: Image of another registry, with all its architectures. The copy keeps its digest.
        type: str
      digest:
        description:
          - Digest that the image must have. An image of the same name with another digest is replaced.
          - By default, the module reads the digest of O(images[].layout).
        type: str
  ca:
    description:
      - File with the CA of the registry's certificate. By default, the module uses Docker's configuration
        (C(/etc/docker/certs.d/REGISTRY/ca.crt)) if it exists, and otherwise the CAs of the machine.
    type: path
  parallel:
    description: Number of images that are copied at the same time.
    type: int
    default: 2
requirements:
  - skopeo, when an image is copied
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
    details: Reports which images would be copied.
  diff_mode:
    support: full
    details: Shows the digests before and after.
seealso:
  - module: slipway.lab.image
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Provide the developers' base images
  slipway.lab.registry_images:
    registry: registry.example:5443
    ca: /etc/ssl/registry-ca.crt
    parallel: 4
    images:
      - name: base/python:3.13
        source: docker.io/library/python:3.13-slim
      - name: shop/web:v1
        archive: /srv/images/web.tar
"""

RETURN = r"""
copied:
  description: Names of the images that were copied, or would be copied in check mode.
  returned: always
  type: list
  elements: str
digests:
  description: Digest of each image by name. In check mode only of the images that the registry contains.
  returned: always
  type: dict
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from json import loads
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import (
    Registry,
    RegistryError,
    parse_reference,
)

KINDS = ("archive", "layout", "source")


def expected(image: dict) -> str | None:
    """Return the digest that an image must have, if it is known."""
    if image["digest"] or not image["layout"]:
        return image["digest"]
    index = loads((Path(image["layout"]) / "index.json").read_text())
    return index["manifests"][0]["digest"]


def copy_command(image: dict, registry: str, certificates: str) -> list[str]:
    """Return the command that copies an image."""
    target = f"docker://{registry}/{image['name']}"
    command = ["skopeo", "copy", "--quiet", "--insecure-policy"]
    if certificates:
        command.append(f"--dest-cert-dir={certificates}")
    if image["archive"]:
        return [*command, f"docker-archive:{image['archive']}", target]
    if image["layout"]:
        return [*command, "--preserve-digests", f"oci:{image['layout']}", target]
    return [*command, "--all", "--preserve-digests", f"docker://{image['source']}", target]


def copy(image: dict, registry: str, certificates: str) -> None:
    """Copy an image.

    Raises:
        RegistryError: skopeo failed or is missing.
    """
    command = copy_command(image, registry, certificates)
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise RegistryError("skopeo is not installed; apt-get install skopeo") from None
    if done.returncode:
        raise RegistryError(f"{image['name']} cannot be copied: {done.stderr.strip()}")


def lacking_images(images: list[dict], before: dict[str, str | None]) -> list[dict]:
    """Return the images that the registry lacks, or has with another digest than the wanted one."""
    return [
        image
        for image in images
        if not before[image["name"]] or image["wanted"] not in (None, before[image["name"]])
    ]


def check_digest(image: dict, digest: str | None) -> None:
    """Check the digest of a copied image.

    Raises:
        RegistryError: It is not the declared digest.
    """
    if image["wanted"] not in (None, digest):
        raise RegistryError(
            f"{image['name']} has the digest {digest} after the copy, "
            f"not {image['wanted']}; correct the declared digest"
        )


def copy_images(module: AnsibleModule) -> dict:
    """Copy the lacking images; return the result of the module.

    Raises:
        RegistryError: The registry does not answer, or a copy failed.
    """
    images, host, ca = (module.params[name] for name in ("images", "registry", "ca"))
    for image in images:
        parse_reference(image["name"])
        image["wanted"] = expected(image)
    registry = Registry(host, ca or "")
    with ThreadPoolExecutor(16) as pool:
        names = [image["name"] for image in images]
        before = dict(zip(names, pool.map(registry.digest, names)))
    lacking = lacking_images(images, before)
    after = {name: digest for name, digest in before.items() if digest}
    if module.check_mode:
        after |= {image["name"]: image["wanted"] or "(copied)" for image in lacking}
    else:
        certificates = str(Path(ca).parent) if ca else ""
        with ThreadPoolExecutor(module.params["parallel"]) as pool:
            list(pool.map(lambda image: copy(image, host, certificates), lacking))
        for image in lacking:
            after[image["name"]] = registry.digest(image["name"])
            check_digest(image, after[image["name"]])
    return {
        "changed": bool(lacking),
        "copied": [image["name"] for image in lacking],
        "digests": after,
        "diff": {"before": {n: d for n, d in before.items() if d}, "after": after},
    }


def main() -> None:
    """Copy images into a registry."""
    options = {
        "name": {"type": "str", "required": True},
        "archive": {"type": "path"},
        "layout": {"type": "path"},
        "source": {"type": "str"},
        "digest": {"type": "str"},
    }
    module = AnsibleModule(
        argument_spec={
            "registry": {"type": "str", "required": True},
            "images": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": options,
                "mutually_exclusive": [KINDS],
                "required_one_of": [KINDS],
            },
            "ca": {"type": "path"},
            "parallel": {"type": "int", "default": 2},
        },
        supports_check_mode=True,
    )
    run_module(module, copy_images, foreign_errors=(ValueError, OSError))


if __name__ == "__main__":
    main()
