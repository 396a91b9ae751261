"""Tests of ``upstream/tools/sbom.py``."""

import hashlib
import io
import json
import tarfile

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import Artifact
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.cache import ArtifactCache
from support.upstream import load_tool

LOCK = f"click==8.0 \\\n    --hash=sha256:{'5' * 64}\n"


@pytest.fixture
def cache(tmp_path):
    """A cache with a root file system and an image that was made from it."""
    status = b"Package: bash\nStatus: install ok installed\nVersion: 5\n"
    with tarfile.open(tmp_path / "source.tar", "w") as archive:
        member = tarfile.TarInfo("./var/lib/dpkg/status")
        member.size = len(status)
        archive.addfile(member, io.BytesIO(status))
    artifacts = ArtifactCache(str(tmp_path / "cache/artifacts"))
    root = Artifact(
        name="node-root", output="root.tar", command=["cp", f"{tmp_path}/source.tar", "{work}/root.tar"]
    )  # fmt: skip
    image = Artifact(
        name="node", output="image",
        command=["sh", "-euc", 'mkdir "$1" && cat "$0" >"$1/a b" && echo x >"$1/c"',
                 "{path:node-root}", "{work}/image"],
    )  # fmt: skip
    for artifact in (root, image):
        artifacts.key(artifact)
        artifacts.make(artifact)
    (tmp_path / "cache/artifacts/node/.0.work").mkdir()
    (tmp_path / "run.lock").write_text(LOCK)
    return tmp_path / "cache"


def bill(cache):
    target = cache.parent / "out.json"
    load_tool("sbom").main(str(cache), str(cache.parent / "run.lock"), "0.2.0", str(target))
    return json.loads(target.read_text())


def test_every_file_of_every_artifact_has_its_sha256(cache):
    listed = {
        one["bom-ref"]: one["hashes"][0]["content"]
        for one in bill(cache)["components"]
        if one["type"] == "file"
    }
    found = {
        path.relative_to(cache).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in cache.rglob("*")
        if path.is_file() and path.name not in ("artifact.json", ".lock", "build.log")
    }
    assert listed == found and len(found) == 3


def test_artifacts_name_their_files_and_what_they_were_made_from(cache):
    parts = {one["ref"]: one["dependsOn"] for one in bill(cache)["dependencies"]}
    image = next(name for name in parts if name.startswith("artifacts/node/"))
    root = next(
        name for name in parts if name.startswith("artifacts/node-root/") and name.count("/") == 2
    )
    assert set(parts[image]) == {f"{image}/image/a b", f"{image}/image/c", root}
    assert parts[f"{root}/root.tar"] == ["pkg:deb/debian/bash@5"]
    assert parts["python-environment"] == ["pkg:pypi/click@8.0"]


def test_the_same_cache_gives_the_same_bytes(cache, capsys):
    bill(cache)
    assert "changed" in capsys.readouterr().out.splitlines()
    first = (cache.parent / "out.json").read_bytes()
    bill(cache)
    assert capsys.readouterr().out.splitlines() == [
        f"{len(json.loads(first)['components'])} components"
    ]
    assert (cache.parent / "out.json").read_bytes() == first


def test_all_references_lead_to_components(cache):
    document = bill(cache)
    known = {one["bom-ref"] for one in document["components"]}
    assert len(known) == len(document["components"])
    for one in document["dependencies"]:
        assert {one["ref"], *one["dependsOn"]} <= known
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
