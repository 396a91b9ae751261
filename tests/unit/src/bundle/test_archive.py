"""Tests of ``slipway.bundle.archive``: damaged and hostile bundles."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile

import pytest

from slipway.bundle.archive import opened
from slipway.bundle.signature import BundleError

DATA = b"data"
GOOD = {"sha256": hashlib.sha256(DATA).hexdigest(), "size": len(DATA), "mode": 0o644}


def archive(path, files, members):
    """Write a bundle with a manifest of ``files`` and the members, bytes or targets of links."""
    manifest = json.dumps({"format": 1, "about": {}, "files": files}).encode()
    with tarfile.open(path, "w:gz") as target:
        for name, data in {"manifest.json": manifest, "manifest.json.sig": b"", **members}.items():
            member = tarfile.TarInfo(name)
            if isinstance(data, str):
                member.type, member.linkname = tarfile.SYMTYPE, data
                target.addfile(member)
            else:
                member.size = len(data)
                target.addfile(member, io.BytesIO(data))
    return path


def extract(path, directory):
    directory.mkdir(exist_ok=True)
    with opened(path) as bundle:
        bundle.extract(directory, lambda count: None)


def test_files_are_compared_with_the_manifest(tmp_path):
    name = "artifacts/a/b/file"
    path = archive(tmp_path / "bundle", {name: GOOD}, {name: DATA})
    extract(path, tmp_path / "out")
    assert (tmp_path / "out" / name).read_bytes() == DATA
    path = archive(tmp_path / "bundle", {name: GOOD}, {name: b"DATA"})
    with pytest.raises(BundleError, match="differs from the manifest"):
        extract(path, tmp_path / "other")


def test_the_project_is_not_extracted(tmp_path):
    path = archive(tmp_path / "bundle", {"project/slipway": GOOD}, {"project/slipway": DATA})
    extract(path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("files", "members", "reason"),
    [
        ({}, {"artifacts/x": DATA}, "not in its manifest"),
        ({"artifacts/x": GOOD}, {}, "not in the bundle"),
        ({"artifacts/../../x": GOOD}, {"artifacts/../../x": DATA}, "leads out"),
        ({"artifacts/x": GOOD}, {"artifacts/x": "/etc/passwd"}, "not a file"),
        (
            {"artifacts/x": {"link": "/tmp"}, "artifacts/x/y": GOOD},  # noqa: S108
            {"artifacts/x": "/tmp", "artifacts/x/y": DATA},  # noqa: S108
            "leads out",
        ),
    ],
)
def test_a_hostile_bundle_writes_nothing_outside(tmp_path, files, members, reason):
    path = archive(tmp_path / "bundle", files, members)
    with pytest.raises(BundleError, match=reason):
        extract(path, tmp_path / "deep")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bundle", "deep"]


def test_a_link_of_the_manifest_is_made(tmp_path):
    files = {"artifacts/a/b/link": {"link": "file"}}
    extract(archive(tmp_path / "bundle", files, {"artifacts/a/b/link": "file"}), tmp_path / "out")
    assert (tmp_path / "out/artifacts/a/b/link").readlink().name == "file"


@pytest.mark.parametrize(
    "data",
    [b"", b"text", gzip.compress(b"text"), gzip.compress(b"")],
    ids=["empty", "text", "packed text", "packed nothing"],
)
def test_another_file_is_no_bundle(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(BundleError):
        extract(tmp_path / "file", tmp_path / "out")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BundleError, match="No such file"), opened(tmp_path / "none"):
        pass


def test_a_later_format_is_refused(tmp_path):
    path = tmp_path / "bundle"
    manifest = json.dumps({"format": 2}).encode()
    with tarfile.open(path, "w:gz") as target:
        for name, data in (("manifest.json", manifest), ("manifest.json.sig", b"")):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))
    with opened(path) as bundle, pytest.raises(BundleError, match="format 2"):
        bundle.document()
