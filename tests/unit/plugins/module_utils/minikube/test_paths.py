"""Tests of ``minikube.paths``."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.minikube.paths import (
    default_kubeconfig,
    file_digest,
    minikube_environment,
    minikube_home,
)
from support.minikube_profile import desired


def test_home_is_found_as_minikube_finds_it(monkeypatch, tmp_path):
    monkeypatch.setenv("MINIKUBE_HOME", str(tmp_path))
    assert minikube_home(None, {}) == tmp_path / ".minikube"
    assert minikube_home(str(tmp_path / "x" / ".minikube"), {}) == tmp_path / "x" / ".minikube"
    assert minikube_home(None, {"MINIKUBE_HOME": "/srv"}).as_posix() == "/srv/.minikube"


def test_the_first_kubeconfig_is_used(monkeypatch):
    monkeypatch.setenv("KUBECONFIG", ":/a:/b")
    assert default_kubeconfig({}) == "/a"
    assert default_kubeconfig({"KUBECONFIG": "/c"}) == "/c"
    monkeypatch.delenv("KUBECONFIG")
    assert default_kubeconfig({}).endswith("/.kube/config")


def test_flags_that_nodes_lack_are_variables():
    found = minikube_environment(Path("/h"), Path("/k"), desired(preload=False, force=True))
    assert (found["MINIKUBE_HOME"], found["KUBECONFIG"]) == ("/h", "/k")
    assert (found["MINIKUBE_PRELOAD"], found["MINIKUBE_FORCE"]) == ("false", "true")
    assert "MINIKUBE_FORCE" not in minikube_environment(Path("/h"), Path("/k"), desired())


def test_the_digest_is_of_the_content(tmp_path):
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").write_text("x")
    assert file_digest(tmp_path / "a") == file_digest(tmp_path / "b")
    assert len(file_digest(tmp_path / "a")) == 64
