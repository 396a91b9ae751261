"""OCI layouts as archives: valid by the format, the same bytes each time."""

import hashlib
import json
import tarfile

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import compose
from ansible_collections.slipway.lab.plugins.module_utils.oci.layer import build_layer
from ansible_collections.slipway.lab.plugins.module_utils.oci.layout import (
    write_archive,
    write_directory,
)


def image(program, entrypoint, *roots):
    layers = [root.read_bytes() for root in roots]
    layers.append(build_layer({entrypoint: str(program)}))
    return compose(layers, {"Entrypoint": [entrypoint]}, "amd64")


def archive(tmp_path, name="images.tar"):
    program, root = tmp_path / "program", tmp_path / "root.tar"
    program.write_bytes(b"#!/bin/true\n")
    if not root.exists():
        with tarfile.open(root, "w") as tar:
            tar.add(program, "etc/file")
    write_archive(
        tmp_path / name,
        [
            ("registry.example/one:1", image(program, "/one")),
            ("registry.example/two:1", image(program, "/bin/two", root)),
            ("registry.example/three:1", image(program, "/bin/two", root)),
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


def test_a_directory_holds_one_image_with_its_tag(tmp_path):
    program = tmp_path / "program"
    program.write_bytes(b"#!/bin/true\n")
    one = image(program, "/one")
    write_directory(tmp_path / "out", "team/one:v1", one)
    assert json.loads((tmp_path / "out/oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    [found] = json.loads((tmp_path / "out/index.json").read_text())["manifests"]
    assert found["digest"] == one.digest
    assert found["annotations"] == {"org.opencontainers.image.ref.name": "team/one:v1"}
    blob = tmp_path / "out/blobs" / one.digest.replace(":", "/")
    assert blob.read_bytes() == one.manifest
