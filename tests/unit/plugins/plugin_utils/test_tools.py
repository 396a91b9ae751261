"""The pinned program is used, or a compatible one of the user; otherwise the error has the command that makes it."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils import tools
from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import InputError
from ansible_collections.slipway.lab.plugins.plugin_utils.tools import Tool


def program(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    tools._version.cache_clear()


def test_the_pinned_program_comes_first(tmp_path):
    program(tmp_path / "bin/helm", "echo v3.99.0")
    pinned = program(tmp_path / "cache/slipway/bin/helm", "echo pinned")
    assert Tool.find("helm").path == pinned


@pytest.mark.parametrize(
    ("name", "said"), [("helm", "v3.14.2+gc309b6f"), ("kustomize", "v5.4.1"), ("helm", "v3.99.0")]
)
def test_a_compatible_program_of_the_user_is_used(tmp_path, name, said):
    mine = program(tmp_path / "bin" / name, f"echo {said}")
    assert Tool.find(name).path == mine


@pytest.mark.parametrize(
    ("name", "said"), [("helm", "v3.2.0"), ("helm", "v4.0.0"), ("kustomize", "v4.5.7")]
)
def test_an_incompatible_one_is_refused_with_the_command(tmp_path, name, said):
    program(tmp_path / "bin" / name, f"echo {said}")
    with pytest.raises(InputError, match=r"or a later \d\.x is needed; `ansible-playbook slipway"):
        Tool.find(name)


def test_without_any_the_command_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="slipway/bin/helm nor in PATH; `ansible-playbook slipway"):
        Tool.find("helm")


def test_a_program_that_tells_no_version(tmp_path):
    program(tmp_path / "bin/helm", "echo what >&2")
    with pytest.raises(InputError, match="does not tell its version: what"):
        Tool.find("helm")


def test_what_it_prints_and_why_it_failed(tmp_path):
    assert Tool("helm", program(tmp_path / "a", "echo $1 $2")).run("x", "y") == "x y\n"
    failing = Tool("helm", program(tmp_path / "b", "echo broken chart >&2; exit 3"))
    with pytest.raises(InputError, match="helm template: broken chart"):
        failing.run("template")
    silent = Tool("helm", program(tmp_path / "c", "exit 3"))
    with pytest.raises(InputError, match="exit code 3"):
        silent.run("template")
