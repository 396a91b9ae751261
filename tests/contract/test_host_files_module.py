"""Contract of the module host_files: several files in one task, check mode, diff, idempotence, bad input."""

import pytest

from support.module_runner import run_module


@pytest.fixture
def run(tmp_path):
    """Run the module on three files below tmp_path and return what it answers."""

    def run(check=False, **changes):
        files = [
            {"path": str(tmp_path / "etc/text"), "content": "text\n", **changes},
            {"path": str(tmp_path / "bin/link"), "link": "../etc/text"},
            {"path": str(tmp_path / "etc/old"), "state": "absent"},
        ]
        return run_module("host_files", check=check, diff=True, files=files)

    return run


def test_files_are_brought_to_their_state_once(run, tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/old").write_text("old")
    made = run()
    assert made["changed"]
    assert made["changed_paths"] == [
        str(tmp_path / name) for name in ("etc/text", "bin/link", "etc/old")
    ]
    assert (tmp_path / "bin/link").read_text() == "text\n"
    assert not (tmp_path / "etc/old").exists()
    again = run()
    assert not again["changed"] and again["changed_paths"] == [] and again["diff"] == []


def test_check_mode_predicts_and_writes_nothing(run, tmp_path):
    predicted = run(check=True)
    assert predicted["changed"] and len(predicted["changed_paths"]) == 2
    assert [one["after"] for one in predicted["diff"]] == ["text\n", "link to ../etc/text\n"]
    assert list(tmp_path.iterdir()) == []


def test_only_what_differs_is_written(run, tmp_path):
    run()
    changed = run(mode="0600")
    assert changed["changed_paths"] == [str(tmp_path / "etc/text")]
    assert (tmp_path / "etc/text").stat().st_mode & 0o777 == 0o600


def test_two_sources_of_a_file_are_refused(run):
    failed = run(link="elsewhere")
    assert failed["failed"] and "mutually exclusive" in failed["msg"]


def test_server_that_refuses_is_named_and_nothing_is_left(tmp_path):
    url = "http://127.0.0.1:9/program"
    file = {"path": str(tmp_path / "program"), "url": url, "checksum": "0" * 64}
    failed = run_module("host_files", files=[file], use_proxy=False)
    assert failed["failed"] and f"{url} cannot be downloaded" in failed["msg"]
    assert list(tmp_path.iterdir()) == []


def test_a_download_is_removed_without_a_server(tmp_path):
    path = tmp_path / "program"
    path.write_text("program")
    file = {"path": str(path), "url": "http://127.0.0.1:9/program", "checksum": "0" * 64}
    done = run_module("host_files", files=[{**file, "state": "absent"}], use_proxy=False)
    assert done["changed"] and not path.exists()
