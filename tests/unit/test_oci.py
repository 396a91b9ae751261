"""Images as OCI archives: right by the format, the same bytes each time."""

import hashlib
import importlib.util
import json
import tarfile
from pathlib import Path

SPEC = importlib.util.spec_from_file_location(
    "oci", Path(__file__).resolve().parents[2] / "upstream/oci.py"
)
oci = importlib.util.module_from_spec(SPEC)
import sys  # noqa: E402

sys.modules["oci"] = oci
SPEC.loader.exec_module(oci)


def archive(tmp_path, name="images.tar"):
    program, root = tmp_path / "program", tmp_path / "root.tar"
    program.write_bytes(b"#!/bin/true\n")
    if not root.exists():
        with tarfile.open(root, "w") as tar:
            tar.add(program, "etc/file")
    oci.write_archive(
        tmp_path / name,
        [
            oci.Image("registry.example/one:1", ["/one"], files={"/one": program}),
            oci.Image("registry.example/two:1", ["/bin/two"], [root], {"/bin/two": program}),
            oci.Image("registry.example/three:1", ["/three"], [root], {"/bin/two": program}),
        ],
    )
    return tmp_path / name


def test_every_blob_is_named_by_its_digest_and_stored_once(tmp_path):
    with tarfile.open(archive(tmp_path)) as tar:
        names = tar.getnames()
        assert len(names) == len(set(names))
        for name in names:
            if name.startswith("blobs/sha256/"):
                assert hashlib.sha256(tar.extractfile(name).read()).hexdigest() == name[13:]


def test_index_leads_to_images_with_their_full_names(tmp_path):
    with tarfile.open(archive(tmp_path)) as tar:
        read = lambda digest: json.load(tar.extractfile(f"blobs/sha256/{digest[7:]}"))  # noqa: E731
        index = json.load(tar.extractfile("index.json"))
        names = [item["annotations"]["io.containerd.image.name"] for item in index["manifests"]]
        assert names == [
            "registry.example/one:1",
            "registry.example/two:1",
            "registry.example/three:1",
        ]
        manifest = read(index["manifests"][1]["digest"])
        config = read(manifest["config"]["digest"])
        assert config["rootfs"]["diff_ids"] == [layer["digest"] for layer in manifest["layers"]]
        assert config["config"]["Entrypoint"] == ["/bin/two"]
        assert len(manifest["layers"]) == 2


def test_same_input_same_bytes(tmp_path):
    one, two = archive(tmp_path, "one.tar"), archive(tmp_path, "two.tar")
    assert one.read_bytes() == two.read_bytes()


def test_programs_are_executable_and_owned_by_root(tmp_path):
    with tarfile.open(archive(tmp_path)) as tar:
        index = json.load(tar.extractfile("index.json"))
        manifest = json.load(tar.extractfile(f"blobs/sha256/{index['manifests'][0]['digest'][7:]}"))
        layer = tar.extractfile(f"blobs/sha256/{manifest['layers'][0]['digest'][7:]}")
        with tarfile.open(fileobj=layer) as files:
            entry = files.getmember("one")
            assert (entry.mode, entry.uid, entry.mtime) == (0o755, 0, 0)
