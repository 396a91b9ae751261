"""Tests of ``oci.archive``."""

from __future__ import annotations

import hashlib
import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.oci.archive import (
    ArchiveError,
    full_name,
    read_archive,
)
from support.image_nodes import config_id, docker_archive, write_tar


def layout(path, *entries, **blobs):
    """Write an OCI layout: entries are (annotation, document); an index names documents of ``blobs``."""
    files, manifests = {}, []

    def blob(document):
        content = json.dumps(document).encode()
        digest = hashlib.sha256(content).hexdigest()
        files[f"blobs/sha256/{digest}"] = content
        return {"digest": f"sha256:{digest}"}

    for notes, platforms in entries:
        found = [
            {**blob({"config": blob({"architecture": one})}), "platform": {"architecture": one}}
            for one in platforms
        ]
        entry = found[0] if len(found) == 1 else blob({"manifests": found})
        manifests.append({**entry, "annotations": notes})
    files["index.json"] = json.dumps({"manifests": manifests}).encode()
    return write_tar(path, files)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("shop/web:v1", "docker.io/shop/web:v1"),
        ("10.0.0.1:5443/web", "10.0.0.1:5443/web:latest"),
        ("localhost/web:v1", "localhost/web:v1"),
        ("docker.io/nginx:1", "docker.io/library/nginx:1"),
        ("nginx@sha256:0", "docker.io/library/nginx@sha256:0"),
    ],
)
def test_names_are_completed_as_containerd_does(short, full):
    assert full_name(short) == full


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_an_archive_of_docker_save(tmp_path, mode):
    path = docker_archive(tmp_path / "a", {"web:v1": {"x": 1}, "shop/db:2": {"x": 2}}, mode)
    assert read_archive(path, "amd64") == {
        "docker.io/library/web:v1": config_id({"x": 1}),
        "docker.io/shop/db:2": config_id({"x": 2}),
    }


def test_a_layout_and_the_architecture_of_an_index(tmp_path):
    names = (
        {"io.containerd.image.name": "docker.io/a/b:1"},
        {"org.opencontainers.image.ref.name": "h.io/c:2"},
    )
    path = layout(tmp_path / "a", (names[0], ["amd64"]), (names[1], ["arm64", "amd64"]))
    digest = hashlib.sha256(b'{"architecture": "amd64"}').hexdigest()
    assert read_archive(path, "amd64") == dict.fromkeys(
        ["docker.io/a/b:1", "h.io/c:2"], f"sha256:{digest}"
    )
    with pytest.raises(ArchiveError, match="images for amd64, arm64, and the nodes are s390x"):
        read_archive(layout(tmp_path / "b", (names[1], ["arm64", "amd64"])), "s390x")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"x": b""}, "contains no image"),
        ({"manifest.json": b"{"}, "manifest.json is not JSON"),
        ({"manifest.json": b'[{"Config": "c", "RepoTags": ["a:1"]}]'}, "c is missing"),
        ({"manifest.json": b'[{"Config": "c", "RepoTags": null}]'}, "without a name"),
        ({"index.json": b'{"manifests": [{"annotations": {"org.opencontainers.image.ref.name": "v1"}}]}'},
         "without a name"),
        ({"index.json": b'{"manifests": [{"annotations": {"org.opencontainers.image.ref.name": "a/b:1"}}]}'},
         "write the full name docker.io/a/b:1"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded_is_explained(tmp_path, files, said):
    with pytest.raises(ArchiveError, match=said):
        read_archive(write_tar(tmp_path / "a", files), "amd64")


def test_other_files_and_half_archives_are_no_archives(tmp_path):
    (tmp_path / "text").write_text("text")
    with pytest.raises(ArchiveError, match="cannot be read as an archive.*docker save"):
        read_archive(tmp_path / "text", "amd64")
    whole = docker_archive(tmp_path / "whole", {"a:1": {"x": "y" * 90000}}).read_bytes()
    (tmp_path / "half").write_bytes(whole[:50000])
    with pytest.raises(ArchiveError, match="cannot be read as an archive"):
        read_archive(tmp_path / "half", "amd64")
    with pytest.raises(ArchiveError, match="No such file"):
        read_archive(tmp_path / "none", "amd64")


def test_an_image_for_another_machine_is_refused(tmp_path):
    path = docker_archive(tmp_path / "a", {"a:1": {"architecture": "arm64"}})
    with pytest.raises(ArchiveError, match="library/a:1 is for arm64|a:1 is for arm64"):
        read_archive(path, "amd64")
