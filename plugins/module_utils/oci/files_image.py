"""Make an image from a list of files on a base image of the same registry, without a builder."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import (
    MEDIA_TYPE,
    BaseImage,
    Image,
    compose,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.layer import (
    build_layer,
    runtime_config,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import (
    Registry,
    RegistryError,
    parse_reference,
)

# Layers that Docker pushed have the same content under another media type.
LAYER_MEDIA_TYPES = {
    "application/vnd.docker.image.rootfs.diff.tar": f"{MEDIA_TYPE}.layer.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip": f"{MEDIA_TYPE}.layer.v1.tar+gzip",
}


def find_base(registry: Registry, name: str, architecture: str) -> BaseImage:
    """Return the base image, the empty image when ``name`` is empty.

    Raises:
        RegistryError: The registry does not have the image.
    """
    if not name:
        return BaseImage()
    manifest = registry.manifest(name, architecture)
    if manifest is None:
        raise RegistryError(f"base: {registry.host} has no image {name}. Push it, or declare it")
    config = registry.config(name, manifest)
    layers = [
        {**one, "mediaType": LAYER_MEDIA_TYPES.get(one["mediaType"], one["mediaType"])}
        for one in manifest["layers"]
    ]
    return BaseImage(name, layers, config["rootfs"]["diff_ids"], config.get("config") or {})


def compose_files(base: BaseImage, options: dict, architecture: str) -> Image:
    """Return the image of ``options`` on ``base``.

    Args:
        base: The image below.
        options: ``files`` as ``build_layer`` takes them, and the options of ``runtime_config``.
        architecture: In Go's words, such as ``amd64``.
    """
    return compose([build_layer(options["files"])], runtime_config(options), architecture, base)


def push(registry: Registry, name: str, image: Image) -> None:
    """Push an image; the registry mounts the layers of the base from the base's repository."""
    repository, _ = parse_reference(name)
    if image.base.name:
        source, _ = parse_reference(image.base.name)
        for one in image.base.layers:
            registry.mount_blob(source, repository, one["digest"])
    for content in (*image.layers, image.config):
        registry.push_blob(repository, content)
    registry.push_manifest(name, image.manifest)
