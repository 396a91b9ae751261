"""Entries of ``manifests`` become content; what is not on the controller stays for the host."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils import manifest_inputs
from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import (
    ControllerFiles,
    InputError,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.manifest_inputs import ManifestInputs


@pytest.fixture
def inputs(tmp_path):
    def render(path, variables):
        return Path(path).read_text().format(**variables)

    return inputs_of(tmp_path, render)


def inputs_of(tmp_path, render=None, task=None, release=None):
    """Inputs of a task whose release is recorded or not."""
    cluster = {"release": release, "helm": None, "version": "v1.35.1", "api_versions": []}
    return ManifestInputs(
        ControllerFiles([str(tmp_path)]),
        lambda path: Path(path).read_text(),
        render,
        lambda entry: cluster,
        task or {},
    )


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def test_a_file_is_read(inputs, tmp_path):
    path = write(tmp_path / "manifests/a.yml", "kind: A\n")
    assert inputs.resolve(["a.yml"]) == [{"text": "kind: A\n", "source": path}]


def test_a_directory_is_read_in_order(inputs, tmp_path):
    paths = [write(tmp_path / f"manifests/app/{n}.yml", f"kind: {n}\n") for n in ("a", "b")]
    assert [one["source"] for one in inputs.resolve(["app"])] == paths


@pytest.mark.parametrize(
    "entry",
    [
        "on/the/host.yml",
        "kind: ConfigMap\nmetadata: {}\n",
        "{kind: ConfigMap}",
        {"apiVersion": "v1", "kind": "ConfigMap"},
        {"apiVersion": "example.com/v1", "kind": "Page", "template": "x"},
        ["nested"],
        None,
        7,
    ],
)
def test_everything_else_stays(inputs, entry):
    assert inputs.resolve([entry]) == [entry]


def test_a_template_gets_its_variables(inputs, tmp_path):
    path = write(tmp_path / "templates/a.yml.j2", "kind: {what}\n")
    entry = {"template": "a.yml.j2", "vars": {"what": "A"}}
    assert inputs.resolve([entry]) == [{"text": "kind: A\n", "source": path}]


def test_mistakes_name_their_place(inputs, tmp_path):
    write(tmp_path / "templates/a.yml.j2", "kind: {what}\n")
    for entry, message in [
        ({"template": "b.j2"}, r"manifests\[0\]\.template: there is no 'b.j2'"),
        ({"template": "a.yml.j2"}, r"manifests\[0\]: .*a\.yml\.j2: 'what'"),
        ({"template": "a.yml.j2", "variables": {}}, r"manifests\[0\]: unknown: variables"),
        ({"template": ["a"]}, r"manifests\[0\]\.template: is not text"),
        ({"template": "a.yml.j2", "vars": "x"}, r"manifests\[0\]\.vars: is not a mapping"),
        ({"kustomize": "absent"}, r"manifests\[0\]\.kustomize: there is no 'absent'"),
    ]:
        with pytest.raises(InputError, match=message):
            inputs.resolve([entry])


def test_sizes_are_limited(inputs, tmp_path, monkeypatch):
    write(tmp_path / "a.yml", "kind: A\n" * 4)
    monkeypatch.setattr(manifest_inputs, "MAX_TOTAL_SIZE", 40)
    with pytest.raises(InputError, match="the manifests of a task may have"):
        inputs.resolve(["a.yml", "a.yml"])
    monkeypatch.setattr(manifest_inputs, "MAX_FILE_SIZE", 10)
    with pytest.raises(InputError, match=r"manifests\[0\]: .*a\.yml: is larger than"):
        inputs.resolve(["a.yml"])


def test_only_regular_files_are_read(inputs):
    with pytest.raises(InputError, match="is not a regular file"):
        inputs.resolve(["/dev/null"])


def test_kustomize_builds_the_directory(inputs, tmp_path, monkeypatch):
    (tmp_path / "overlay").mkdir()
    program = tmp_path / "cache/slipway/bin/kustomize"
    write(program, '#!/bin/sh\necho "# $1 $2"\n')
    program.chmod(0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = str(tmp_path / "overlay")
    assert inputs.resolve([{"kustomize": "overlay"}]) == [
        {"text": f"# build {path}\n", "source": path}
    ]


def test_a_release_is_removed_without_rendering_where_that_is_not_needed(tmp_path):
    entry = {"helm": {"release": "web", "chart": "absent"}}
    inputs = inputs_of(tmp_path, task={"state": "absent"})
    assert inputs.resolve([entry]) == [{"helm": {"release": "web"}}] and inputs.chart
    recorded = inputs_of(
        tmp_path, task={"state": "absent"}, release={"digest": "a", "mode": "install"}
    )
    assert recorded.resolve([{"helm": {"release": "web"}}]) == [{"helm": {"release": "web"}}]


def test_a_task_has_one_chart(tmp_path):
    entry = {"helm": {"release": "web"}}
    with pytest.raises(InputError, match=r"manifests\[1\]: a task has one chart"):
        inputs_of(tmp_path, task={"state": "absent"}).resolve([entry, entry])
