"""A chart is rendered by helm: which arguments it gets, and what becomes of its files.

``helm`` is a program of the test here. The acceptance tests use the real one.
"""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.chart_entry import ChartEntry
from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import (
    ControllerFiles,
    InputError,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.helm_chart import HelmChart

CLUSTER = {
    "version": "v1.35.1",
    "api_versions": ["apps/v1", "apps/v1/Deployment"],
    "release": None,
    "helm": None,
}
# Writes down its arguments and the values, and "renders" three files. The number of a process makes one of them differ.
HELM = """#!/bin/sh
echo "$@" >> {log}
case $1 in
show) printf 'name: shop\\nversion: 1.2.0\\n' ;;
pull) cp -r {chart} "$4/shop" ;;
template)
    for last; do case $previous in --values) printf '%s\\n' "$(cat "$last")" >> {log} ;; esac; previous=$last; done
    mkdir -p "$5/shop/templates" "$5/shop/crds" "$5/shop/charts/db/crds"
    echo "password: $$" > "$5/shop/templates/secret.yaml"
    echo "kind: Same" > "$5/shop/templates/same.yaml"
    echo "kind: Crd" > "$5/shop/crds/a.yaml"
    echo "kind: Crd" > "$5/shop/charts/db/crds/b.yaml" ;;
esac
"""


@pytest.fixture
def chart(tmp_path, monkeypatch):
    """Return a function that renders the chart ``shop`` of the test."""
    folder = tmp_path / "charts/shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("name: shop\nversion: 1.2.0\n")
    (folder / "templates/a.yaml").write_text("kind: A\n")
    program = tmp_path / "cache/slipway/bin/helm"
    program.parent.mkdir(parents=True)
    program.write_text(HELM.format(log=tmp_path / "log", chart=folder))
    program.chmod(0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def render(cluster=CLUSTER, **options):
        entry = ChartEntry.parse({"release": "web", "chart": "shop", **options}, "helm", {})
        files = ControllerFiles([str(tmp_path)])
        return HelmChart(entry, files, lambda path: Path(path).read_text()).render(cluster)

    return render


def called(tmp_path):
    return (tmp_path / "log").read_text().splitlines()


def test_files_become_definitions_and_templates(chart):
    found = chart()
    assert (found["release"], found["chart"], found["version"]) == ("web", "shop", "1.2.0")
    assert [one["source"] for one in found["definitions"]] == [
        "shop/charts/db/crds/b.yaml",
        "shop/crds/a.yaml",
    ]
    same, secret = found["templates"]
    assert same == {"text": "kind: Same\n", "source": "shop/templates/same.yaml"}
    assert secret["text"] != secret["again"], "a value that the chart makes up"


def test_helm_learns_about_the_cluster_and_the_options(chart, tmp_path):
    chart(namespace="shop", tests=True, hooks=False, include_crds=False)
    line = next(one for one in called(tmp_path) if one.startswith("template"))
    assert line.startswith("template web ") and "--namespace shop --kube-version v1.35.1" in line
    assert "--api-versions apps/v1 --api-versions apps/v1/Deployment" in line
    assert "--no-hooks" in line and "--skip-tests" not in line and "--include-crds" not in line
    (tmp_path / "log").unlink()
    chart()
    line = next(one for one in called(tmp_path) if one.startswith("template"))
    assert "--include-crds" in line and "--skip-tests" in line and "--no-hooks" not in line


def test_values_come_after_files_of_values(chart, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files/one.yml").write_text("a: from-file")
    chart(values_files=["one.yml"], values={"a": "from-task"})
    lines = called(tmp_path)
    assert lines.index("a: from-file") < lines.index(json.dumps({"a": "from-task"}))


def test_a_date_is_text_for_helm(chart, tmp_path):
    chart(values={"day": datetime.date(2026, 1, 2)})
    assert '{"day": "2026-01-02"}' in called(tmp_path)
    with pytest.raises(InputError, match="is not a value of YAML"):
        chart(values={"day": object()})


def test_the_digest_is_about_content(chart, tmp_path):
    first = chart()["digest"]
    assert chart()["digest"] == first
    different = [
        chart(values={"a": 1}),
        chart(values={"a": 2}),
        chart(release="other"),
        chart(namespace="x"),
    ]
    assert len({first, *(one["digest"] for one in different)}) == 5
    archive = shutil.make_archive(
        str(tmp_path / "charts/packed"), "gztar", tmp_path / "charts", "shop"
    )
    assert chart(chart=archive)["digest"] == first, "an archive of the same files"
    (tmp_path / "charts/shop/templates/a.yaml").write_text("kind: B\n")
    assert chart()["digest"] != first


@pytest.mark.parametrize(
    ("release", "helm", "mode"),
    [
        (None, None, "install"),
        (None, {"revision": 1}, "install"),
        (None, {"revision": 2}, "upgrade"),
        ({"digest": "other", "mode": "install"}, None, "upgrade"),
    ],
)
def test_the_mode_of_the_templates(chart, tmp_path, release, helm, mode):
    assert chart({**CLUSTER, "release": release, "helm": helm})["mode"] == mode
    assert ("--is-upgrade" in (tmp_path / "log").read_text()) == (mode == "upgrade")


def test_the_same_chart_is_rendered_in_the_same_mode_again(chart):
    record = {"digest": chart()["digest"], "mode": "install"}
    assert chart({**CLUSTER, "release": record})["mode"] == "install"
    assert chart({**CLUSTER, "release": record}, values={"a": 1})["mode"] == "upgrade"


def test_a_chart_is_fetched(chart, tmp_path):
    assert chart(repo="https://charts.example.com", version="1.2.0")["chart"] == "shop"
    line = called(tmp_path)[0]
    assert line.startswith("pull shop --destination ")
    assert line.endswith("--repo https://charts.example.com --version 1.2.0")
    chart(chart="oci://registry.example.com/shop", version="1.2.0")
    assert any(one.startswith("pull oci://registry.example.com/shop ") for one in called(tmp_path))


def test_mistakes(chart, tmp_path):
    with pytest.raises(InputError, match=r"helm\.chart: there is no 'absent'"):
        chart(chart="absent")
    with pytest.raises(InputError, match=r"helm\.values_files\[0\]: there is no 'absent'"):
        chart(values_files=["absent"])
    (tmp_path / "charts/broken.tgz").write_text("x")
    with pytest.raises(InputError, match="is not an archive of a chart"):
        chart(chart="broken.tgz")
