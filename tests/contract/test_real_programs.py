"""The tests on a real API server find what the mirror builds."""

from __future__ import annotations

from pathlib import Path

import yaml

from support.real_programs import ARTIFACT, ETCD, FURTHER, KUBERNETES, find_programs

ROOT = Path(__file__).resolve().parents[2]


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch(mode=0o755)
    return folder


def test_the_artifact_has_the_name_of_the_mirrors_recipe():
    recipes = yaml.safe_load((ROOT / "roles/mirror/vars/build.yml").read_text())
    assert ARTIFACT in [recipe["name"] for recipe in recipes["mirror_go_recipes"]]
    tasks = (ROOT / "roles/mirror/tasks/artifacts.yml").read_text()
    assert 'cache_dir: "{{ mirror_cache_dir }}/artifacts"' in tasks
    image = (ROOT / "upstream/tools/node_image.py").read_text()
    assert all(f'"{ARTIFACT}/{name}"' in image for name in (ETCD, "kube-apiserver"))


def test_the_reason_names_the_command_that_builds_them(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fill(tmp_path / f"slipway/artifacts/{ARTIFACT}/half/bin", "kube-apiserver")
    found, reason = find_programs()
    assert not found and "`./slipway up`" in reason


def test_further_versions_use_the_same_etcd(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    built = fill(tmp_path / f"slipway/artifacts/{ARTIFACT}/key/bin", *KUBERNETES, ETCD)
    older = fill(tmp_path / "older/bin", *KUBERNETES)
    monkeypatch.setenv(FURTHER, f"{older}:{tmp_path}/none")
    found, _ = find_programs()
    assert [(one.etcd, one.name) for one in found] == [
        (built / ETCD, "key"),
        (built / ETCD, "older"),
    ]
