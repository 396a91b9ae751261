"""Files of a host in their declared state."""

import hashlib
import io
import os

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common import host_files
from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.common.host_files import (
    HostFile,
    download,
    is_declared,
    put,
    shown,
)


def options(path, **given):
    base = {
        "content": None,
        "url": None,
        "checksum": None,
        "link": None,
        "mode": "0644",
        "state": "present",
    }
    return {"path": str(path), **base, **given}


def file(path, **given):
    return HostFile.of(options(path, **given))


def test_text_is_written_once_with_its_mode_in_a_new_directory(tmp_path):
    declared = file(tmp_path / "new/file", content="text\n", mode="0750")
    assert not is_declared(declared)
    put(declared)
    assert is_declared(declared)
    assert (tmp_path / "new/file").read_text() == "text\n"
    assert (tmp_path / "new/file").stat().st_mode & 0o7777 == 0o750
    assert os.listdir(tmp_path / "new") == ["file"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text("other"),
        lambda path: path.chmod(0o600),
        lambda path: path.unlink(),
    ],
)
def test_damaged_file_is_not_as_declared(tmp_path, damage):
    declared = file(tmp_path / "file", content="text\n")
    put(declared)
    damage(tmp_path / "file")
    assert not is_declared(declared)
    put(declared)
    assert is_declared(declared)


def test_link_replaces_a_link_and_keeps_the_file_of_others(tmp_path):
    (tmp_path / "link").symlink_to("elsewhere")
    (tmp_path / "theirs").write_text("theirs")
    link, theirs = file(tmp_path / "link", link="here"), file(tmp_path / "theirs", link="here")
    assert is_declared(theirs)
    assert not is_declared(link)
    put(link)
    assert os.readlink(tmp_path / "link") == "here" and is_declared(link)


def test_absent_file_is_removed_also_twice(tmp_path):
    (tmp_path / "file").write_text("text")
    declared = file(tmp_path / "file", state="absent")
    assert not is_declared(declared)
    assert shown(declared) == ("text", "")
    put(declared)
    put(declared)
    assert is_declared(declared)


def test_link_of_others_stays_when_ours_is_removed(tmp_path):
    (tmp_path / "ours").symlink_to("here")
    (tmp_path / "theirs").symlink_to("there")
    ours, theirs = (
        file(tmp_path / name, link="here", state="absent") for name in ("ours", "theirs")
    )
    assert not is_declared(ours)
    assert is_declared(theirs)
    put(ours)
    assert os.listdir(tmp_path) == ["theirs"]


def test_file_without_a_source_is_refused(tmp_path):
    with pytest.raises(SlipwayError, match="give one of content"):
        file(tmp_path / "file")


def serve(monkeypatch, content):
    monkeypatch.setattr(host_files, "open_url", lambda *_, **__: io.BytesIO(content))


def test_download_is_verified_before_it_replaces_the_file(tmp_path, monkeypatch):
    content = b"program"
    digest = hashlib.sha256(content).hexdigest()
    declared = file(
        tmp_path / "program", url="https://192.0.2.1/program", checksum=digest, mode="0755"
    )
    serve(monkeypatch, b"forged")
    with pytest.raises(SlipwayError, match="stays as it was"):
        download(declared, "", False)
    assert os.listdir(tmp_path) == []
    serve(monkeypatch, content)
    put(declared, download(declared, "", False))
    assert is_declared(declared) and (tmp_path / "program").read_bytes() == content


def test_server_that_does_not_answer_is_named(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("connection refused")

    monkeypatch.setattr(host_files, "open_url", refuse)
    with pytest.raises(
        SlipwayError, match="192.0.2.1/program cannot be downloaded: connection refused"
    ):
        download(
            file(tmp_path / "program", url="https://192.0.2.1/program", checksum="0"), "", False
        )
    assert os.listdir(tmp_path) == []


def test_diff_shows_texts_links_checksums_and_modes(tmp_path):
    (tmp_path / "file").write_text("old\n")
    (tmp_path / "link").symlink_to("there")
    assert shown(file(tmp_path / "file", content="new\n")) == ("old\n", "new\n")
    assert shown(file(tmp_path / "link", link="here")) == ("link to there\n", "link to here\n")
    before, after = shown(
        file(tmp_path / "file", url="https://192.0.2.1/x", checksum="abc", mode="0755")
    )
    assert before.startswith("sha256 ") and after == "sha256 abc, mode 0755\n"
    before, after = shown(file(tmp_path / "file", content="old\n", mode="0600"))
    assert before.startswith("mode ") and after == "mode 0600\n"
