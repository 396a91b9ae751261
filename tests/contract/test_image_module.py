"""Contract of the modules image and registry_images: check mode, diff, idempotence, verified TLS, bad input."""

import io
import json
import os
import sys
import tarfile
from pathlib import Path

import pytest

from support.module_options import check_options
from support.module_runner import run_module
from support.registry_fake import FakeRegistry

# Replaces docker: notes how it was called, and pushes an image with the labels of its build.
DOCKER = """#!{python}
import json, pathlib, sys
sys.path.insert(0, {collections!r})
from ansible_collections.slipway.lab.plugins.module_utils.oci import files_image as image_files
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import Registry
log, labels = pathlib.Path({log!r}), pathlib.Path({log!r} + ".labels")
with log.open("a") as stream:
    print(*sys.argv[1:], file=stream)
if sys.argv[1] == "build":
    given = [word for flag, word in zip(sys.argv, sys.argv[1:]) if flag == "--label"]
    labels.write_text(json.dumps(dict(one.split("=", 1) for one in given)))
elif sys.argv[1] == "push":
    if {refusal!r}:
        sys.exit({refusal!r})
    registry = Registry({host!r}, {ca!r})
    options = {{"files": {{"/x": {{"content": "x"}}}}, "labels": json.loads(labels.read_text())}}
    image = image_files.compose_files(image_files.find_base(registry, "", "amd64"), options, "amd64")
    image_files.push(registry, sys.argv[2].partition("/")[2], image)
"""
FILES = {"/app/web.py": {"content": "print()\n"}, "/data": {"directory": True, "mode": "1777"}}


@pytest.fixture
def registry(tmp_path):
    fake = FakeRegistry(tmp_path)
    yield fake
    fake.close()


@pytest.fixture
def image(registry):
    def run(**options):
        return run_module(
            "image",
            **{"registry": registry.host, "ca": str(registry.ca), "name": "a/web:v1", **options},
        )

    return run


@pytest.fixture
def docker(tmp_path, monkeypatch, registry):
    """Install a docker, which may refuse to push; its log is returned."""
    folder, log = tmp_path / "bin", tmp_path / "docker.log"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def install(refusal=""):
        script = DOCKER.format(
            python=sys.executable,
            collections=str(Path(__file__).resolve().parents[2] / "collections"),
            log=str(log),
            refusal=refusal,
            host=registry.host,
            ca=str(registry.ca),
        )
        (folder / "docker").write_text(script)
        (folder / "docker").chmod(0o755)
        log.write_text("")
        return log

    return install


def good(result):
    assert not result.get("failed"), result["msg"]
    return result


def test_files_are_pushed_once(image, registry):
    first = good(image(files=FILES, entrypoint=["/app/web.py"], user="65534"))
    assert first["changed"]
    assert first["reference"] == f"{registry.host}/a/web@{registry.digest('a/web', 'v1')}"
    config = registry.config("a/web", "v1")
    assert config["config"]["Entrypoint"] == ["/app/web.py"]
    assert config["config"]["User"] == "65534"
    with tarfile.open(fileobj=io.BytesIO(registry.layer("a/web", "v1", 0))) as layer:
        modes = {entry.name: oct(entry.mode) for entry in layer}
    assert modes == {"app/web.py": "0o644", "data": "0o1777"}
    registry.writes.clear()
    second = good(image(files=FILES, entrypoint=["/app/web.py"], user="65534"))
    assert not second["changed"] and second["digest"] == first["digest"]
    assert registry.writes == []


def test_check_mode_tells_the_digest_and_pushes_nothing(image, registry):
    told = good(image(check=True, files=FILES))
    assert told["changed"] and registry.writes == []
    assert good(image(files=FILES))["digest"] == told["digest"]
    assert not good(image(check=True, files=FILES))["changed"]


def test_diff_shows_what_is_other(image):
    good(image(files=FILES, environment={"A": "1"}))
    diff = good(image(check=True, diff=True, files=FILES, environment={"A": "2"}))["diff"]
    assert "A=1" in diff["before"]["settings"]["Env"] and "A=2" in diff["after"]["settings"]["Env"]
    assert diff["before"]["layers"] == diff["after"]["layers"]


def test_base_gives_its_layers_and_settings(image, registry):
    good(image(name="base/tool:1", files={"/tool": {"content": "x"}}, entrypoint=["/tool"],
               command=["help"], environment={"A": "1", "B": "1"}))  # fmt: skip
    good(image(base="base/tool:1", files=FILES, environment={"B": "2"}))
    config = registry.config("a/web", "v1")
    assert config["config"]["Entrypoint"] == ["/tool"] and config["config"]["Cmd"] == ["help"]
    assert config["config"]["Env"][-2:] == ["A=1", "B=2"]
    assert registry.layer("a/web", "v1", 0) == registry.layer("base/tool", "1", 0)
    good(image(base="base/tool:1", files=FILES, entrypoint=["/app/web.py"]))
    assert "Cmd" not in registry.config("a/web", "v1")["config"]


def test_another_base_gives_another_image(image):
    good(image(name="base/tool:1", files={"/tool": {"content": "x"}}))
    good(image(base="base/tool:1", files=FILES))
    good(image(name="base/tool:1", files={"/tool": {"content": "y"}}))
    assert good(image(base="base/tool:1", files=FILES))["changed"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"files": FILES, "base": "no/such:1"}, "has no image no/such:1"),
        ({"files": {"app": {"content": ""}}}, "must be an absolute path"),
        ({"files": {"/app": {"content": "", "source": "/x"}}}, "files: /app: expected a path"),
        ({"files": {"/app": {"contents": ""}}}, "files: /app: expected a path"),
        ({"files": {"/app": {"content": "", "mode": 420}}}, "write mode as a string"),
        ({"files": {"/app": "/no/such/file"}}, "No such file"),
        ({"files": FILES, "name": "a/web"}, "has no tag"),
        ({"files": FILES, "context": "/tmp"}, "mutually exclusive"),
        ({}, "one of the following is required"),
        ({"context": "/tmp", "entrypoint": ["/x"]}, "mutually exclusive"),
        ({"context": "/no/such"}, "has no Containerfile or Dockerfile"),
    ],
)
def test_mistakes_are_named(image, registry, options, said):
    result = image(**options)
    assert result["failed"] and said in result["msg"]
    assert registry.writes == []


def test_certificate_must_be_trusted(image, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    stranger = FakeRegistry(other)
    stranger.close()
    result = image(files=FILES, ca=str(stranger.ca))
    assert result["failed"] and "is not trusted" in result["msg"]


def test_registry_that_is_down_is_named(image, registry):
    registry.close()
    result = image(files=FILES)
    assert result["failed"] and f"no answer from the registry {registry.host}" in result["msg"]


@pytest.mark.slow
def test_context_is_built_once_and_again_when_it_or_its_base_changes(
    image, registry, docker, tmp_path
):
    context = tmp_path / "context"
    context.mkdir()
    (context / "Containerfile").write_text(f"FROM {registry.host}/base/tool:1\nCOPY app /\n")
    (context / "app").write_text("1")
    good(image(name="base/tool:1", files={"/tool": {"content": "x"}}))

    def build(**options):
        log = docker()
        return good(image(context=str(context), **options)), log.read_text()

    told, asked = build(check=True)
    assert told["changed"] and told["digest"] is None and asked == ""
    _, asked = build()
    assert asked.splitlines()[0].startswith(f"build --pull --tag {registry.host}/a/web:v1")
    assert f"push {registry.host}/a/web:v1" in asked
    again, asked = build()
    assert not again["changed"] and asked == ""
    assert again["digest"] == registry.digest("a/web", "v1")
    (context / "app").write_text("2")
    assert build()[0]["changed"] and not build()[0]["changed"]
    assert build(build_args={"A": "1"})[0]["changed"]
    good(image(name="base/tool:1", files={"/tool": {"content": "y"}}))
    assert build(build_args={"A": "1"})[0]["changed"]


def test_failed_build_says_what_docker_said(image, docker, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    docker(refusal="denied: no space")
    result = image(context=str(tmp_path))
    assert result["failed"] and "docker push ended with 1:\ndenied: no space" in result["msg"]


def test_declared_images_are_asked_for_and_not_copied_when_they_are_there(
    image, registry, tmp_path
):
    digest = good(image(files=FILES))["digest"]
    options = {"registry": registry.host, "ca": str(registry.ca)}
    there = {"name": "a/web:v1", "source": "other.example/a/web:v1"}
    result = good(run_module("registry_images", images=[there], **options))
    assert not result["changed"] and result["digests"] == {"a/web:v1": digest}
    declared = {**there, "digest": digest}
    assert not good(run_module("registry_images", images=[declared], **options))["changed"]
    lacking = [{**there, "name": "a/web:v2"}, {**there, "digest": f"sha256:{'0' * 64}"}]
    told = good(run_module("registry_images", check=True, images=lacking, **options))
    assert told["copied"] == ["a/web:v2", "a/web:v1"]


def test_declared_image_that_cannot_be_copied_is_named(registry, tmp_path):
    layout = tmp_path / "layout"
    layout.mkdir()
    (layout / "index.json").write_text(json.dumps({"manifests": [{"digest": "sha256:1"}]}))
    result = run_module(
        "registry_images",
        registry=registry.host,
        ca=str(Path(registry.ca)),
        images=[{"name": "a/b:1", "layout": str(layout)}],
    )
    assert result["failed"] and (
        "a/b:1 cannot be copied" in result["msg"] or "skopeo is not" in result["msg"]
    )


@pytest.mark.parametrize("name", ["image", "registry_images"])
def test_documentation_says_what_the_options_are(name, monkeypatch):
    check_options(name, monkeypatch)
