"""Tests of ``oci.registry``."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import compose
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import (
    Registry,
    RegistryError,
    parse_reference,
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


def push(registry, name="shop/web:1"):
    image = compose([b"layer"], {"Labels": {"a": "1"}}, "amd64")
    repository, _ = parse_reference(name)
    for blob in (*image.layers, image.config):
        registry.push_blob(repository, blob)
    registry.push_manifest(name, image.manifest)
    return image


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("shop/web:1", ("shop/web", "1")),
        ("shop/web@sha256:abc", ("shop/web", "sha256:abc")),
        ("host:5000/web:2", ("host:5000/web", "2")),
    ],
)
def test_references(name, parts):
    assert parse_reference(name) == parts


def test_a_reference_needs_a_tag():
    with pytest.raises(ValueError, match="web:TAG"):
        parse_reference("host:5000/web")


def test_a_pushed_image_is_found(registry):
    image = push(registry)
    assert registry.digest("shop/web:1") == image.digest
    assert registry.labels("shop/web:1") == {"a": "1"}
    assert registry.digest("shop/web:2") is None and registry.manifest("shop/web:2") is None


def test_existing_blobs_are_not_pushed_again(registry, fake):
    push(registry)
    writes = len(fake.writes)
    registry.push_blob("shop/web", b"layer")
    assert len(fake.writes) == writes


def test_an_untrusted_certificate_names_the_next_step(fake, tmp_path):
    with pytest.raises(RegistryError, match=r"is not trusted.*Name its authority \(ca\)"):
        Registry(fake.host).digest("shop/web:1")


def test_a_missing_registry_is_named(fake):
    registry = Registry(fake.host, str(fake.ca))
    fake.close()
    with pytest.raises(RegistryError, match=f"no answer from the registry {fake.host}"):
        registry.digest("shop/web:1")


def test_an_unusable_authority_is_named(tmp_path):
    (tmp_path / "ca").write_text("no certificate")
    with pytest.raises(RegistryError, match="cannot be used"):
        Registry("127.0.0.1:1", str(tmp_path / "ca"))


@pytest.mark.parametrize("scheme", ["Basic", "Bearer"])
def test_credentials_of_docker_login_are_sent_when_the_registry_asks(
    scheme, fake, registry, tmp_path, monkeypatch
):
    fake.password, fake.scheme = "me:s3cret", scheme
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with pytest.raises(RegistryError, match="answered 401 .* Run docker login"):
        push(registry)
    auth = base64.b64encode(b"me:s3cret").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {fake.host: {"auth": auth}}}))
    image = push(registry)
    assert registry.digest("shop/web:1") == image.digest


def test_a_password_is_not_sent_to_a_realm_without_tls(fake, registry, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    assert registry._answer_challenge('Bearer realm="http://elsewhere/token"') == ""
