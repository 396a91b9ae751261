#!/usr/bin/python
"""Ansible module: an image in a registry, made from files or from a build context."""

from __future__ import annotations

DOCUMENTATION = r"""
module: image
short_description: Make an image and push it
description:
  - Sees that a registry holds the image that is described, and returns it by digest, to be deployed.
  - With O(files), the image is one layer on a O(base), written without any builder. The same input gives the same
    digest on every machine, so a second run changes nothing and uploads nothing.
  - With O(context), C(docker build) makes it. A label holds a key over the context, the arguments and the base images,
    so a second run builds nothing. It is built anew when a base image in the same registry has changed.
options:
  registry:
    description: Address and port of the registry, which is asked over TLS.
    type: str
    required: true
  name:
    description: Repository and tag.
    type: str
    required: true
  ca:
    description:
      - File with the authority of the registry's certificate. Without it that of Docker's configuration is used
        (C(/etc/docker/certs.d/REGISTRY/ca.crt)), else those of the machine.
      - Docker itself, with O(context), knows its own configuration only.
    type: path
  files:
    description:
      - What is in the image, by its path there. A value is a path on the host where the module runs (a program, or a
        directory with all in it), or has C(content) (text), C(source) or C(directory) (true), and C(mode) (such as
        C("0644")) and C(owner) (a number).
    type: dict
  base:
    description: Image of the same registry below O(files), as repository and tag or digest. None without it.
    type: str
  entrypoint:
    description: Program with its first arguments. Only with O(files), like the following five.
    type: list
    elements: str
  command:
    description: Further arguments, which a workload may replace.
    type: list
    elements: str
  environment:
    description: Environment variables.
    type: dict
  user:
    description: User to run as, best as a number.
    type: str
  workdir:
    description: Working directory.
    type: str
  architecture:
    description: Architecture of the image, in Go's words. That of the host by default.
    type: str
  context:
    description: Directory with a C(Containerfile) or C(Dockerfile), on the host where the module runs.
    type: path
  containerfile:
    description: Another name of that file, relative to O(context).
    type: str
  build_args:
    description: Arguments of the build. They are kept in the image's history, so no secrets.
    type: dict
    default: {}
  labels:
    description: Labels of the image.
    type: dict
    default: {}
requirements:
  - docker, with O(context)
attributes:
  check_mode:
    support: full
    description: Says whether an image would be pushed. The digest of one that Docker would build is not known then.
  diff_mode:
    support: full
    description: Shows digest, settings and layers before and after.
author:
  - Slipway
seealso:
  - module: registry_images
  - module: workload
"""

EXAMPLES = r"""
- name: Have a web server of two files
  image:
    registry: 10.213.0.1:5443
    name: shop/web:v2
    base: base/python:3.13
    files:
      /app/web.py: {content: "{{ lookup('file', 'web.py') }}"}
      /app/pages: /srv/pages
    entrypoint: [python3, /app/web.py]
    user: "65534"
  register: web

- name: Deploy exactly this
  workload:
    kubeconfig: ~/.local/state/slipway/default/kubeconfig
    name: web
    image: "{{ web.reference }}"

- name: Build from a Containerfile
  image:
    registry: 10.213.0.1:5443
    name: shop/api:v1
    context: /srv/shop/api
    build_args: {VERSION: "1.2"}
"""

RETURN = r"""
digest:
  description: Digest of the image. None in check mode, when Docker would build it.
  returned: always
  type: str
reference:
  description: The image's full name by digest, as workloads take it.
  returned: when the digest is known
  type: str
  sample: 10.213.0.1:5443/shop/web@sha256:8bd54438ffe6caa46dc842add044a9a13742a24f83988b74102a0f934d48d8d4
"""

import platform
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.oci import context_image as image_build
from ansible_collections.slipway.lab.plugins.module_utils.oci import files_image as image_files
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import (
    Registry,
    RegistryError,
    parse_reference,
)

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
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
                f"files: {path}: wants a path, or one of {', '.join(KINDS)}, and mode and owner"
            )
        if "mode" in file and not isinstance(file["mode"], str):
            raise ValueError(f"files: {path}: write mode as text, such as '0644'")


def described(registry: Registry, name: str) -> dict:
    """Return what is shown of the image that is there."""
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
    architecture = options["architecture"] or ARCHITECTURES.get(
        platform.machine(), platform.machine()
    )
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


def from_context(module: AnsibleModule, registry: Registry) -> dict:
    """Build the image of a context."""
    options = module.params
    context = Path(options["context"])
    containerfile = image_build.find_containerfile(context, options["containerfile"])
    key = image_build.key(registry, context, containerfile, options)
    before = described(registry, options["name"])
    if before.get("settings", {}).get("Labels", {}).get(image_build.KEY) == key:
        return {
            "changed": False,
            "digest": before["digest"],
            "diff": {"before": before, "after": before},
        }
    after = {"digest": None, "settings": {"Labels": {image_build.KEY: key}}}
    if not module.check_mode:
        labelled = {**options, "labels": {**options["labels"], image_build.KEY: key}}
        reference = f"{registry.host}/{options['name']}"
        image_build.build(reference, context, containerfile, labelled)
        after = described(registry, options["name"])
    return {"changed": True, "digest": after["digest"], "diff": {"before": before, "after": after}}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "registry": {"type": "str", "required": True},
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
        },
        mutually_exclusive=[("files", "context"), *(("context", name) for name in SETTINGS)],
        required_one_of=[("files", "context")],
        required_by={"containerfile": "context"},
        supports_check_mode=True,
    )
    options = module.params
    try:
        repository, _ = parse_reference(options["name"])
        registry = Registry(options["registry"], options["ca"] or "")
        make = from_files if options["files"] is not None else from_context
        result = make(module, registry)
    except (RegistryError, ValueError, OSError) as error:
        module.fail_json(msg=str(error))
    if result["digest"]:
        result["reference"] = f"{options['registry']}/{repository}@{result['digest']}"
    module.exit_json(**result)


if __name__ == "__main__":
    main()
