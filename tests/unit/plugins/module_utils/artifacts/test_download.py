"""Downloads: verified, complete, and explained when they fail."""

import hashlib

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    Artifact,
    ArtifactError,
)
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.cache import ArtifactCache
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.download import download


@pytest.fixture
def cache(tmp_path):
    return ArtifactCache(str(tmp_path / "cache"))


def make(cache, artifact):
    cache.key(artifact)
    return cache.make(artifact)


def test_download_is_verified(cache, tmp_path):
    source = tmp_path / "program"
    source.write_bytes(b"program")
    digest = "c7a5a1e2c5e2ab5dbc2c8b6f0b1f0b7b" * 2
    artifact = Artifact("a", "program", url=source.as_uri(), sha256=digest)
    with pytest.raises(
        ArtifactError, match=f"checksum mismatch.*pinned {digest}, got [0-9a-f]{{64}}"
    ):
        make(cache, artifact)
    assert cache.state(artifact) == "absent"


def test_download_that_does_not_exist_is_told(cache, tmp_path):
    missing = (tmp_path / "missing").as_uri()
    with pytest.raises(ArtifactError, match="cannot download"):
        make(cache, Artifact("a", "program", url=missing, sha256="0" * 64))


def test_a_verified_download_is_kept_and_its_size_reported(tmp_path):
    source = tmp_path / "program"
    source.write_bytes(b"program")
    digest = hashlib.sha256(b"program").hexdigest()
    reports = []
    target = tmp_path / "deep/down/program"
    artifact = Artifact("a", "program", url=source.as_uri(), sha256=digest)
    download(artifact, target, lambda name, text: reports.append((name, text)))
    assert target.read_bytes() == b"program"
    assert reports == [("a", "0 of 0 MiB")]
