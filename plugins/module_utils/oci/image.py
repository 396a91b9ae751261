"""Compose a container image from layers: configuration, manifest and digest (image-spec 1.0).

The same input gives the same bytes, so the digest shows whether anything would change before anything is pushed.
The tools below upstream/ use this module too, outside of Ansible.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

MEDIA_TYPE = "application/vnd.oci.image"
CREATED = "1970-01-01T00:00:00Z"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
DEFAULT_PATH = "PATH=/:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class BaseImage:
    """The image below another one; without arguments, the empty image.

    Args:
        name: Repository and tag or digest in the same registry. Empty for the empty image.
        layers: Descriptors of its layers.
        diff_ids: Digests of its uncompressed layers.
        config: Its runtime configuration.
    """

    name: str = ""
    layers: list[dict] = field(default_factory=list)
    diff_ids: list[str] = field(default_factory=list)
    config: dict = field(default_factory=lambda: {"Env": [DEFAULT_PATH]})


@dataclass(frozen=True)
class Image:
    """A complete image.

    Args:
        base: The image below.
        layers: Content of the layers above the base, uncompressed, the lowest first.
        config: The configuration blob.
        manifest: The manifest blob.
    """

    base: BaseImage
    layers: list[bytes]
    config: bytes
    manifest: bytes

    @property
    def digest(self) -> str:
        """Return the digest of the manifest, which names the image."""
        return blob_digest(self.manifest)

    def summary(self) -> dict:
        """Return digest, runtime configuration and layers for a diff."""
        return {
            "digest": self.digest,
            "settings": json.loads(self.config)["config"],
            "layers": [one["digest"] for one in json.loads(self.manifest)["layers"]],
        }


def go_architecture(machine: str) -> str:
    """Return an architecture in Go's words, such as ``amd64`` for ``x86_64``."""
    return ARCHITECTURES.get(machine, machine)


def blob_digest(content: bytes) -> str:
    """Return the digest of a blob, with its algorithm."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def descriptor(kind: str, content: bytes) -> dict:
    """Return the descriptor of a blob.

    Args:
        kind: End of the media type, such as ``layer.v1.tar``.
        content: The blob.
    """
    return {
        "mediaType": f"{MEDIA_TYPE}.{kind}",
        "digest": blob_digest(content),
        "size": len(content),
    }


def compose(
    layers: list[bytes], config: dict, architecture: str, base: BaseImage | None = None
) -> Image:
    """Return the image of ``layers`` on ``base``.

    Args:
        layers: Content of the layers, uncompressed, the lowest first.
        config: Runtime configuration in the terms of the image-spec, merged over that of the base.
        architecture: In Go's words, such as ``amd64``.
        base: The empty image by default.
    """
    base = base or BaseImage()
    own = [descriptor("layer.v1.tar", content) for content in layers]
    configuration = to_json(
        {
            "created": CREATED,
            "architecture": architecture,
            "os": "linux",
            "config": merge_config(base.config, config),
            "rootfs": {
                "type": "layers",
                "diff_ids": base.diff_ids + [layer["digest"] for layer in own],
            },
        }
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{MEDIA_TYPE}.manifest.v1+json",
        "config": descriptor("config.v1+json", configuration),
        "layers": base.layers + own,
    }
    return Image(base, layers, configuration, to_json(manifest))


def merge_config(base: dict, own: dict) -> dict:
    """Return the runtime configuration of a base with that of an image over it, as a Containerfile merges them."""
    variables = dict(entry.split("=", 1) for entry in base.get("Env") or [])
    variables |= dict(entry.split("=", 1) for entry in own.get("Env", []))
    found = {**base, **own, "Env": [f"{name}={value}" for name, value in variables.items()]}
    if base.get("Labels") and own.get("Labels"):
        found["Labels"] = {**base["Labels"], **own["Labels"]}
    if "Entrypoint" in own and "Cmd" not in own:
        found.pop("Cmd", None)  # the base's arguments belong to the base's program
    return {name: value for name, value in sorted(found.items()) if value}


def to_json(value: dict) -> bytes:
    """Return ``value`` as the bytes of a JSON document."""
    return json.dumps(value).encode()
