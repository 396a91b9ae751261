"""Tests of the document of a snapshot."""

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    UnfitError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import (
    FORMAT,
    Manifest,
    Part,
    checksum,
    read_manifest,
)

PART = Part("a.tar.zst", 10, 30, "0" * 64)


def manifest():
    return Manifest(
        "one", 1.5, {"architecture": "x86_64", "cgroup": "1"}, {"name": "alice", "uid": 7, "gid": 8},
        {"state": "/s", "cache": "/c"}, parts={"a": PART, "b": PART},
    )  # fmt: skip


def test_a_document_is_read_as_it_was_written(tmp_path):
    manifest().write(tmp_path)
    assert read_manifest(tmp_path) == manifest()
    assert (manifest().size, manifest().content, manifest().subnet) == (20, 60, "")
    assert (tmp_path / "manifest.json").stat().st_mode & 0o777 == 0o600


def rewrite(folder, **changes):
    path = folder / "manifest.json"
    document = json.loads(path.read_text()) | changes
    path.write_text(json.dumps(document))
    return document


@pytest.mark.parametrize("changes", [{"lab": "two"}, {"parts": {}}, {"checksum": "x"}])
def test_a_changed_document_is_damaged(tmp_path, changes):
    manifest().write(tmp_path)
    rewrite(tmp_path, **changes)
    with pytest.raises(DamagedError, match="its checksum does not match"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "x"}', '{"format": 1}'])
def test_other_documents_are_damaged(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(DamagedError, match=r"manifest\.json is damaged"):
        read_manifest(tmp_path)


def test_a_missing_document_is_damaged(tmp_path):
    with pytest.raises(DamagedError, match="No such file"):
        read_manifest(tmp_path)


def test_a_newer_format_is_refused_whatever_else_it_has(tmp_path):
    manifest().write(tmp_path)
    rewrite(tmp_path, format=FORMAT + 1, other=1)
    with pytest.raises(UnfitError, match=f"has format {FORMAT + 1}.*up to {FORMAT}; update"):
        read_manifest(tmp_path)


def test_a_document_with_an_unknown_field_is_damaged(tmp_path):
    manifest().write(tmp_path)
    document = rewrite(tmp_path, other=1)
    rewrite(tmp_path, checksum=checksum(document))
    with pytest.raises(DamagedError, match="other"):
        read_manifest(tmp_path)
