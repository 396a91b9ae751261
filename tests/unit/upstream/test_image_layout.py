"""One image as an OCI layout: right by the format, the same bytes each time."""

import hashlib
import io
import json
import tarfile

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import DEFAULT_PATH
from support.upstream import load_tool

image_layout = load_tool("image_layout")


@pytest.fixture
def write(tmp_path):
    """Write an image and return what its manifest, its configuration and its layers say."""
    root, program, tree = tmp_path / "root.tar", tmp_path / "program", tmp_path / "tree"
    program.write_bytes(b"#!/bin/true\n")
    (tree / "sub").mkdir(parents=True)
    (tree / "sub/page.html").write_text("page")
    with tarfile.open(root, "w") as tar:
        tar.add(program, "etc/file")

    def writer(name="out", **job):
        files = {"/app": str(program), "/tree": str(tree), **job.pop("files", {})}
        out = tmp_path / name
        image_layout.write_image(
            {"out": str(out), "name": "a/b:1", "roots": [str(root)], "files": files, **job}
        )
        return Written(out)

    return writer


class Written:
    def __init__(self, out):
        self.out = out
        index = json.loads((out / "index.json").read_text())
        self.digest = index["manifests"][0]["digest"]
        self.manifest = json.loads(self.blob(self.digest))
        self.config = json.loads(self.blob(self.manifest["config"]["digest"]))

    def blob(self, digest):
        return (self.out / "blobs/sha256" / digest[7:]).read_bytes()

    def layer(self, number):
        content = self.blob(self.manifest["layers"][number]["digest"])
        return tarfile.open(fileobj=io.BytesIO(content))


def test_every_blob_is_named_by_its_digest(write):
    for blob in (write().out / "blobs/sha256").iterdir():
        assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name


def test_layers_are_the_roots_and_then_the_files(write):
    written = write()
    assert len(written.manifest["layers"]) == 2
    assert written.layer(0).getnames() == ["etc/file"]
    assert written.config["rootfs"]["diff_ids"] == [
        layer["digest"] for layer in written.manifest["layers"]
    ]


def test_files_have_their_modes_owners_and_no_times(write):
    written = write(
        files={
            "/etc/conf": {"content": "a = b\n", "mode": "0600", "owner": 65534},
            "/data": {"directory": True, "mode": "1777"},
        }
    )
    entries = {entry.name: entry for entry in written.layer(1).getmembers()}
    modes = {name: (oct(entry.mode), entry.uid) for name, entry in entries.items()}
    assert modes == {
        "app": ("0o755", 0),
        "data": ("0o1777", 0),
        "etc/conf": ("0o600", 65534),
        "tree/sub/page.html": ("0o644", 0),
    }
    assert entries["data"].isdir()
    assert {entry.mtime for entry in entries.values()} == {0}
    assert written.layer(1).extractfile("etc/conf").read() == b"a = b\n"


def test_settings_are_what_was_asked_for_and_nothing_else(write):
    written = write(
        entrypoint=["/app"],
        command=["serve"],
        environment={"B": "2", "A": "1"},
        user="65534",
        workdir="/data",
        labels={"org.example": "x"},
    )
    assert written.config["config"] == {
        "Env": [DEFAULT_PATH, "A=1", "B=2"],
        "Entrypoint": ["/app"],
        "Cmd": ["serve"],
        "User": "65534",
        "WorkingDir": "/data",
        "Labels": {"org.example": "x"},
    }
    assert write("plain").config["config"] == {"Env": [DEFAULT_PATH]}


def test_same_input_same_digest_and_other_input_another(write):
    assert write("one").digest == write("two").digest
    assert write("three", user="1").digest != write("four").digest
