"""Tests of ``oci.files_image``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.oci.files_image import (
    compose_files,
    find_base,
    push,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.image import BaseImage
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import (
    Registry,
    RegistryError,
)
from support.registry_fake import FakeRegistry


@pytest.fixture
def fake(tmp_path):
    made = FakeRegistry(tmp_path)
    yield made
    made.close()


@pytest.fixture
def registry(fake):
    return Registry(fake.host, str(fake.ca))


def options(text):
    return {"files": {"/etc/x": {"content": text}}, "user": "7"}


def test_an_image_on_a_base_has_both_layers(registry, fake):
    push(registry, "base/os:1", compose_files(BaseImage(), options("base"), "amd64"))
    base = find_base(registry, "base/os:1", "amd64")
    push(registry, "shop/web:1", compose_files(base, options("own"), "amd64"))
    assert len(fake.config("shop/web", "1")["rootfs"]["diff_ids"]) == 2
    assert fake.layer("shop/web", "1", 0) == fake.layer("base/os", "1", 0)


def test_a_missing_base_is_named(registry):
    with pytest.raises(RegistryError, match="has no image base/os:2"):
        find_base(registry, "base/os:2", "amd64")


def test_without_a_base_the_image_is_empty(registry):
    assert find_base(registry, "", "amd64") == BaseImage()
