#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: build an image and push it to a registry."""

from __future__ import annotations

DOCUMENTATION = r"""
module: image
short_description: Build an image and push it to a registry
version_added: 0.1.0
description:
  - Ensures that a registry contains the described image, and returns its digest for a deployment.
  - With O(files), the image is one layer on O(base), written without a builder. The same input gives the same digest
    on every machine, so a second run uploads nothing and reports no change.
  - With O(context), C(docker build) builds the image. A label contains a key of the context, the arguments and the
    base images, so a second run builds nothing. The image is rebuilt when a base image in the same registry has
    changed. Files that C(.dockerignore) excludes are not part of the key.
  - Without O(registry), the image stays in the Docker Engine of this host, and its ID takes the place of the digest.
  - If the registry asks for credentials, the module sends those that C(docker login) stored on this host.
options:
  registry:
    description: Address and port of the registry, which must use TLS. Required with O(files).
    type: str
  name:
    description: Repository and tag.
    type: str
    required: true
  ca:
    description:
      - File with the CA of the registry's certificate. By default, the module uses Docker's configuration
        (C(/etc/docker/certs.d/REGISTRY/ca.crt)) if it exists, and otherwise the CAs of the machine.
      - With O(context), the Docker daemon uses only its own configuration.
    type: path
  files:
    description:
      - Contents of the image, by path in the image. A value is a path on the host where the module runs (a program,
        or a directory with its contents), or a mapping with C(content) (text), C(source) or C(directory) (true), and
        C(mode) (such as C("0644")) and C(owner) (a number).
      - Links in a directory stay links. Its files get the mode C(0755) or C(0644), so that the digest does not depend
        on the umask of the host.
    type: dict
  base:
    description: Image of the same registry below O(files), as repository and tag or digest. By default, there is no
      base image.
    type: str
  entrypoint:
    description: Program and its first arguments. Only with O(files), like the next five options.
    type: list
    elements: str
  command:
    description: Default arguments, which a workload can replace.
    type: list
    elements: str
  environment:
    description: Environment variables.
    type: dict
  user:
    description: User that the program runs as, preferably a number.
    type: str
  workdir:
    description: Working directory.
    type: str
  architecture:
    description: Architecture of the image, such as V(amd64). By default the architecture of the host.
    type: str
  context:
    description: Directory with a C(Containerfile) or C(Dockerfile), on the host where the module runs.
    type: path
  containerfile:
    description: Name of the Containerfile, relative to O(context).
    type: str
  build_args:
    description: Arguments of the build. The history of the image contains them, so they must not be secrets.
    type: dict
    default: {}
  labels:
    description: Labels of the image.
    type: dict
    default: {}
requirements:
  - docker, with O(context)
extends_documentation_fragment: [slipway.lab.attributes, slipway.lab.progress]
attributes:
  check_mode:
    support: full
    details: Reports whether an image would be pushed. The digest of an image that Docker would build is unknown.
  diff_mode:
    support: full
    details: Shows digest, settings and layers before and after.
seealso:
  - module: slipway.lab.registry_images
  - module: slipway.lab.workload
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Build a web server from two files
  slipway.lab.image:
    registry: 10.213.0.1:5443
    name: shop/web:v2
    base: base/python:3.13
    files:
      /app/web.py: {content: "{{ lookup('file', 'web.py') }}"}
      /app/pages: /srv/pages
    entrypoint: [python3, /app/web.py]
    command: [--port, "8080"]
    environment: {PYTHONUNBUFFERED: "1"}
    workdir: /app
    user: "65534"
    architecture: amd64
  register: web

- name: Deploy exactly this image
  slipway.lab.workload:
    kubeconfig: ~/.local/state/slipway/default/kubeconfig
    name: web
    image: "{{ web.reference }}"

- name: Build an image from a Containerfile
  slipway.lab.image:
    registry: registry.example:5443
    ca: /etc/ssl/registry-ca.crt
    name: shop/api:v1
    context: /srv/shop/api
    containerfile: Containerfile.release
    build_args: {VERSION: "1.2"}
    labels: {org.opencontainers.image.version: "1.2"}

- name: Build an image into the engine of this host
  slipway.lab.image:
    name: shop/api:dev
    context: /srv/shop/api
    progress_file: /tmp/build.jsonl
"""

RETURN = r"""
digest:
  description: Digest of the image, or its ID in the engine. Empty in check mode, when Docker would build the image.
  returned: always
  type: str
ports:
  description: Ports that the image exposes (C(EXPOSE)). In check mode, when Docker would build the image, those of the
    image before.
  returned: with O(context)
  type: list
  elements: str
  sample: [8080/tcp]
reference:
  description: Full name of the image by digest, as workloads take it.
  returned: when the digest is known and O(registry) is given
  type: str
  sample: 10.213.0.1:5443/shop/web@sha256:8bd54438ffe6caa46dc842add044a9a13742a24f83988b74102a0f934d48d8d4
"""

import platform
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.oci import context_image as image_build
from ansible_collections.slipway.lab.plugins.module_utils.oci import files_image as image_files
from ansible_collections.slipway.lab.plugins.module_utils.oci.image import go_architecture
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import (
    Registry,
    RegistryError,
    parse_reference,
)

SETTINGS = ("base", "entrypoint", "command", "environment", "user", "workdir", "architecture")
LAYER = {"content", "source", "directory", "mode", "owner"}
KINDS = ("content", "source", "directory")


def check_files(files: dict) -> None:
    """Find mistakes in ``files``, which Ansible does not look into.

    Raises:
        ValueError: names the path and what is wrong there.
    """
    for path, file in files.items():
        if not path.startswith("/"):
            raise ValueError(f"files: {path!r} must be an absolute path")
        if isinstance(file, str):
            continue
        if (
            not isinstance(file, dict)
            or set(file) - LAYER
            or sum(kind in file for kind in KINDS) != 1
        ):
            raise ValueError(
                f"files: {path}: expected a path, or one of {', '.join(KINDS)}, and mode and owner"
            )
        if "mode" in file and not isinstance(file["mode"], str):
            raise ValueError(f"files: {path}: write mode as a string, such as '0644'")


def described(registry: Registry | image_build.EngineImages, name: str) -> dict:
    """Return the description of an existing image for a diff."""
    if isinstance(registry, image_build.EngineImages):
        return registry.described(name)
    manifest = registry.manifest(name)
    if not manifest or "config" not in manifest:
        return {}
    return {
        "digest": registry.digest(name),
        "settings": registry.config(name, manifest).get("config", {}),
        "layers": [one["digest"] for one in manifest["layers"]],
    }


def from_files(module: AnsibleModule, registry: Registry) -> dict:
    """Make the image of a list of files."""
    options = module.params
    check_files(options["files"])
    architecture = options["architecture"] or go_architecture(platform.machine())
    base = image_files.find_base(registry, options["base"] or "", architecture)
    image = image_files.compose_files(base, options, architecture)
    before = described(registry, options["name"])
    changed = before.get("digest") != image.digest
    if changed and not module.check_mode:
        image_files.push(registry, options["name"], image)
    return {
        "changed": changed,
        "digest": image.digest,
        "diff": {"before": before, "after": image.summary()},
    }


def from_context(module: AnsibleModule, registry: Registry | image_build.EngineImages) -> dict:
    """Build the image of a context."""
    options = module.params
    context = Path(options["context"])
    containerfile = image_build.find_containerfile(context, options["containerfile"])
    key = image_build.key(registry, context, containerfile, options)
    before = described(registry, options["name"])
    if (before.get("settings", {}).get("Labels") or {}).get(image_build.KEY) == key:
        return {
            "changed": False,
            "digest": before["digest"],
            "ports": exposed(before),
            "diff": {"before": before, "after": before},
        }
    after = {"digest": None, "settings": {"Labels": {image_build.KEY: key}}}
    ports = exposed(before)
    if not module.check_mode:
        labelled = {**options, "labels": {**options["labels"], image_build.KEY: key}}
        reference = "/".join(filter(None, (registry.host, options["name"])))
        report = Progress(options["progress_file"], "image")
        push = bool(registry.host)
        image_build.build(reference, context, containerfile, labelled, push=push, report=report)
        after = described(registry, options["name"])
        ports = exposed(after)
    return {
        "changed": True,
        "digest": after["digest"],
        "ports": ports,
        "diff": {"before": before, "after": after},
    }


def exposed(image: dict) -> list[str]:
    """Return the ports that an image exposes."""
    return sorted(image.get("settings", {}).get("ExposedPorts") or {})


def main() -> None:
    """Build and push an image."""
    module = AnsibleModule(
        argument_spec={
            "registry": {"type": "str"},
            "name": {"type": "str", "required": True},
            "ca": {"type": "path"},
            "files": {"type": "dict"},
            "base": {"type": "str"},
            "entrypoint": {"type": "list", "elements": "str"},
            "command": {"type": "list", "elements": "str"},
            "environment": {"type": "dict"},
            "user": {"type": "str"},
            "workdir": {"type": "str"},
            "architecture": {"type": "str"},
            "context": {"type": "path"},
            "containerfile": {"type": "str"},
            "build_args": {"type": "dict", "default": {}},
            "labels": {"type": "dict", "default": {}},
            "progress_file": {"type": "str", "default": ""},
        },
        mutually_exclusive=[("files", "context"), *(("context", name) for name in SETTINGS)],
        required_one_of=[("files", "context")],
        required_by={"containerfile": "context", "files": "registry", "ca": "registry"},
        supports_check_mode=True,
    )
    options = module.params
    try:
        repository, _ = parse_reference(options["name"])
        registry = image_build.EngineImages()
        if options["registry"]:
            registry = Registry(options["registry"], options["ca"] or "")
        make = from_files if options["files"] is not None else from_context
        result = make(module, registry)
    except (RegistryError, ValueError, OSError) as error:
        module.fail_json(msg=str(error))
    if result["digest"] and options["registry"]:
        result["reference"] = f"{options['registry']}/{repository}@{result['digest']}"
    module.exit_json(**result)


if __name__ == "__main__":
    main()
