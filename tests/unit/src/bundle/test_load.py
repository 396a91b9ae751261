"""Tests of ``slipway.bundle.load``."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections import namedtuple

import click
import pytest

from slipway.bundle import load
from slipway.bundle.signature import BundleError
from slipway.commands.bundle import load as command
from slipway.errors import UsageError


def load_it(made, cache, signer="", sha256=""):
    return load.load_bundle(made.path, cache, signer, sha256, lambda line: None)


def test_a_bundle_that_is_written_again_does_not_change(made):
    assert made.result["changed"] is True
    again = made.again()
    assert again == {**made.result, "changed": False}


def test_the_contents_are_in_the_cache_and_nothing_else_is(made, tmp_path):
    cache = tmp_path / "new"
    assert load_it(made, cache, sha256=made.result["sha256"])["source"] == "build"
    assert (cache / "artifacts/node/abc/node.tar").read_bytes() == b"node" * 1000
    assert "stamps" not in json.loads((cache / "artifacts/node/abc/artifact.json").read_text())
    assert (cache / "offline/wheels/one.whl").read_bytes() == b"wheel"
    assert json.loads((cache / "offline/bundle.json").read_text())["systems"] == ["debian13"]
    assert sorted(path.name for path in cache.iterdir()) == ["artifacts", "offline"]


def test_the_bundle_has_the_project_without_untracked_files(made):
    with tarfile.open(made.path) as archive:
        names = archive.getnames()
        assert names[:2] == ["manifest.json", "manifest.json.sig"]
        assert [name for name in names if name.startswith("project/")] == [
            "project/slipway",
            "project/src/link",
        ]
        assert archive.getmember("project/slipway").mode == 0o755


def test_what_the_cache_has_already_stays(made, tmp_path):
    cache = tmp_path / "new"
    mine = cache / "artifacts/node/abc"
    mine.mkdir(parents=True)
    (mine / "node.tar").write_text("mine")
    (cache / "offline/wheels").mkdir(parents=True)
    (cache / "offline/wheels/old.whl").touch()
    load_it(made, cache, signer=made.result["signer"])
    assert (mine / "node.tar").read_text() == "mine"
    assert not (cache / "offline/wheels/old.whl").exists()


def test_a_bundle_is_not_loaded_unverified(made, tmp_path):
    with pytest.raises(UsageError, match="--signed-by KEY or --sha256 DIGEST"):
        load_it(made, tmp_path / "new")


def test_another_machine_is_refused(made, tmp_path):
    made.job["about"]["machine"] = "s390x"
    made.again()
    with pytest.raises(BundleError, match="is for s390x"):
        load_it(made, tmp_path / "new", signer=made.result["signer"])


def test_a_full_disk_is_reported_before_anything_is_written(made, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1, 1, 1))
    with pytest.raises(BundleError, match="MB free"):
        load_it(made, tmp_path / "new", signer=made.result["signer"])
    assert list((tmp_path / "new").iterdir()) == []


def test_a_failed_load_leaves_the_cache_as_it_was(made, tmp_path):
    cache = tmp_path / "new"
    data = made.path.read_bytes()
    made.path.write_bytes(data[: len(data) - 200])
    with pytest.raises(BundleError, match="damaged"):
        load_it(made, cache, signer=made.result["signer"])
    assert list(cache.iterdir()) == []


def test_the_launcher_prints_errors_with_the_next_step(made, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert load.main([str(made.path), "--sha256", "0" * 64, "--json"]) == 1
    printed = capsys.readouterr()
    assert "not " + "0" * 64 in printed.err
    assert json.loads(printed.out)["next_step"] == "copy the file again, or ask its maker"
    assert load.main([str(made.path), "--signed-by", made.result["signer"]]) == 0
    assert "./slipway up" in capsys.readouterr().out
    assert (tmp_path / "xdg/slipway/offline/bundle.json").exists()


def test_the_launcher_and_the_command_have_the_same_options():
    options = {one for action in load.arguments()._actions for one in action.option_strings}
    with click.Context(command) as context:
        told = {one for option in command.get_params(context) for one in option.opts}
    assert options - {"-h", "--help"} == {one for one in told if one.startswith("--")} - {"--help"}
