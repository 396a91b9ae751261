"""Tests of the key of an artifact: exactly the inputs that change its bytes."""

import dataclasses

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    Artifact,
    ArtifactError,
)

BASE = Artifact("a", "out", ["sh", "-c", "true"], inputs={"arch": "amd64"})


def artifact(**changes):
    return dataclasses.replace(BASE, **changes)


@pytest.mark.parametrize(
    "change",
    [
        {"command": ["sh", "-c", "false"]},
        {"output": "other"},
        {"inputs": {"arch": "arm64"}},
    ],
)
def test_command_output_and_inputs_count(change):
    assert artifact(**change).content() != BASE.content()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "b"},
        {"directory": "/somewhere"},
        {"environment": {"PATH": "/opt/bin", "PYTHONPATH": "/srv"}},
    ],
)
def test_name_directory_and_environment_do_not_count(change):
    assert artifact(**change).content() == BASE.content()


def test_a_download_is_its_checksum_wherever_it_comes_from():
    one = Artifact("a", "kubectl", url="https://one.example/kubectl", sha256="0" * 64)
    two = dataclasses.replace(one, url="https://two.example/kubectl")
    assert one.content() == two.content()
    assert one.content() != dataclasses.replace(one, sha256="1" * 64).content()


def write(folder, **files):
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_a_moved_and_renamed_file_does_not_count_but_its_content_does(tmp_path):
    write(tmp_path / "one", tool="same")
    write(tmp_path / "two", renamed="same", other="changed")

    def content(path):
        return artifact(command=["python3", f"{{file:{path}}}"]).content()

    assert content(tmp_path / "one/tool") == content(tmp_path / "two/renamed")
    assert content(tmp_path / "one/tool") != content(tmp_path / "two/other")


def test_a_file_of_the_command_is_relative_to_the_directory(tmp_path):
    write(tmp_path / "one", tool="same")
    relative = artifact(command=["{file:tool}"], directory=str(tmp_path / "one"))
    absolute = artifact(command=[f"{{file:{tmp_path}/one/tool}}"])
    assert relative.content() == absolute.content()


def test_files_that_change_places_within_a_command_count(tmp_path):
    """The layer of an image holds the same contents under other paths then."""
    write(tmp_path / "apps", one="1", two="2")
    one, two = f"{{file:{tmp_path}/apps/one}}", f"{{file:{tmp_path}/apps/two}}"
    first = artifact(command=[f'{{"/a": "{one}", "/b": "{two}"}}'])
    second = artifact(command=[f'{{"/a": "{two}", "/b": "{one}"}}'])
    assert first.content() != second.content()


def test_input_files_count_by_content_also_when_they_have_one_name(tmp_path):
    write(tmp_path / "one", app="1")
    write(tmp_path / "two", app="2")
    write(tmp_path / "moved", app="1")
    files = [str(tmp_path / name / "app") for name in ("one", "two")]
    assert artifact(files=files).content() != artifact(files=files[::-1]).content()
    moved = [str(tmp_path / "moved/app"), files[1]]
    assert artifact(files=files).content() == artifact(files=moved).content()


def test_an_unreadable_input_is_named():
    with pytest.raises(ArtifactError, match="a: input file cannot be read: .*/nonexistent/tool"):
        artifact(command=["{file:/nonexistent/tool}"]).content()
    with pytest.raises(ArtifactError, match="a: input file cannot be read: .*/nonexistent/go.sum"):
        artifact(files=["/nonexistent/go.sum"]).content()


def test_references_are_the_artifacts_of_command_and_inputs():
    made = artifact(command=["cp", "{path:kubernetes}/kubectl"], inputs={"base": "{path:root}"})
    assert made.references() == ["kubernetes", "root"]
