"""An image of a list of files on a base, made without a builder: one layer, a configuration, a manifest.

The same input gives the same bytes, so the digest says whether anything would change, before anything is pushed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ansible_collections.slipway.lab.plugins.module_utils.oci.layer import (
    EPOCH,
    PATH,
    layer,
    settings,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import (
    Registry,
    RegistryError,
    sha256,
    split,
)

OCI = "application/vnd.oci.image"
# Images that Docker pushed: the content is the same, only the names of the kinds differ.
LAYER_KINDS = {
    "application/vnd.docker.image.rootfs.diff.tar": f"{OCI}.layer.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip": f"{OCI}.layer.v1.tar+gzip",
}


@dataclass
class Base:
    """What an image is put on."""

    name: str
    layers: list[dict]
    diff_ids: list[str]
    settings: dict


@dataclass
class FilesImage:
    """An image that is ready to be pushed."""

    base: Base
    layer: bytes
    config: bytes
    manifest: bytes

    @property
    def digest(self) -> str:
        """Digest of the image."""
        return sha256(self.manifest)

    def shown(self) -> dict:
        """Return what is shown of it: digest, settings, layers."""
        return {
            "digest": self.digest,
            "settings": json.loads(self.config)["config"],
            "layers": [one["digest"] for one in json.loads(self.manifest)["layers"]],
        }


def find_base(registry: Registry, name: str, architecture: str) -> Base:
    """Look up the base image; an empty name is an empty image.

    Raises:
        RegistryError: there is no such image in the registry.
    """
    if not name:
        return Base("", [], [], {"Env": [PATH]})
    manifest = registry.manifest(name, architecture)
    if manifest is None:
        raise RegistryError(f"base: {registry.host} has no image {name}. Push it, or declare it")
    config = registry.config(name, manifest)
    layers = [
        {**one, "mediaType": LAYER_KINDS.get(one["mediaType"], one["mediaType"])}
        for one in manifest["layers"]
    ]
    return Base(name, layers, config["rootfs"]["diff_ids"], config.get("config") or {})


def compose(base: Base, options: dict, architecture: str) -> FilesImage:
    """Return the image of ``options`` (files, entrypoint, command, environment, user, workdir, labels) on ``base``."""
    content = layer(options["files"])
    config = {
        "created": EPOCH,
        "architecture": architecture,
        "os": "linux",
        "config": merged(base.settings, settings(options)),
        "rootfs": {"type": "layers", "diff_ids": [*base.diff_ids, sha256(content)]},
    }
    raw = _json(config)
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{OCI}.manifest.v1+json",
        "config": _descriptor("config.v1+json", raw),
        "layers": [*base.layers, _descriptor("layer.v1.tar", content)],
    }
    return FilesImage(base, content, raw, _json(manifest))


def merged(base: dict, own: dict) -> dict:
    """Return the settings of a base with those of an image over them, as a Containerfile merges them."""
    variables = dict(entry.split("=", 1) for entry in base.get("Env") or [])
    variables |= dict(entry.split("=", 1) for entry in own.get("Env", []))
    found = {**base, **own, "Env": [f"{name}={value}" for name, value in variables.items()]}
    if base.get("Labels") and own.get("Labels"):
        found["Labels"] = {**base["Labels"], **own["Labels"]}
    if "Entrypoint" in own and "Cmd" not in own:
        found.pop("Cmd", None)  # it was made for another program
    return {name: value for name, value in sorted(found.items()) if value}


def push(registry: Registry, name: str, image: FilesImage) -> None:
    """Push an image; layers of the base are lent by its repository."""
    repository, _ = split(name)
    if image.base.name:
        source, _ = split(image.base.name)
        for one in image.base.layers:
            registry.lend_blob(source, repository, one["digest"])
    registry.push_blob(repository, image.layer)
    registry.push_blob(repository, image.config)
    registry.push_manifest(name, image.manifest)


def _descriptor(kind: str, content: bytes) -> dict:
    return {"mediaType": f"{OCI}.{kind}", "digest": sha256(content), "size": len(content)}


def _json(value: dict) -> bytes:
    return json.dumps(value).encode()
