"""Tests of ``oci.layer``."""

from __future__ import annotations

import io
import tarfile

from ansible_collections.slipway.lab.plugins.module_utils.oci.layer import (
    build_layer,
    runtime_config,
)


def members(files):
    with tarfile.open(fileobj=io.BytesIO(build_layer(files))) as archive:
        return {
            one.name: (one, archive.extractfile(one) if one.isreg() else None)
            for one in archive.getmembers()
        }


def test_programs_texts_and_directories(tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    found = members({
        "/bin/program": str(program),
        "/etc/settings": {"content": "a=1", "mode": "0600", "owner": 7},
        "/var/data": {"directory": True},
    })  # fmt: skip
    assert found["bin/program"][0].mode == 0o755
    settings, content = found["etc/settings"]
    assert (settings.mode, settings.uid, content.read()) == (0o600, 7, b"a=1")
    assert found["var/data"][0].isdir()


def test_a_directory_is_copied_with_its_modes(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/text").write_text("x")
    (tmp_path / "run").write_text("x")
    (tmp_path / "run").chmod(0o755)
    found = members({"/app": str(tmp_path)})
    assert {name: one.mode for name, (one, _) in found.items()} == {
        "app/run": 0o755,
        "app/sub/text": 0o644,
    }


def test_links_and_empty_directories_of_a_directory_are_kept(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/file").write_text("x")
    (tmp_path / "current").symlink_to("real")
    (tmp_path / "broken").symlink_to("/nowhere")
    (tmp_path / "empty").mkdir()
    found = members({"/app": str(tmp_path)})
    assert sorted(found) == ["app/broken", "app/current", "app/empty", "app/real/file"]
    assert found["app/current"][0].linkname == "real"
    assert found["app/broken"][0].issym() and found["app/empty"][0].isdir()


def test_layers_have_no_times(tmp_path):
    (tmp_path / "a").write_text("x")
    first = build_layer({"/a": str(tmp_path / "a")})
    (tmp_path / "a").touch()
    assert build_layer({"/a": str(tmp_path / "a")}) == first


def test_only_given_settings_are_written():
    assert runtime_config({"environment": {"B": "2", "A": "1"}, "user": "7"}) == {
        "Env": ["A=1", "B=2"],
        "User": "7",
    }
