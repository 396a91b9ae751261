import json

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress


def test_lines_are_appended(tmp_path):
    path = tmp_path / "progress"
    progress = Progress(str(path), "workload")
    progress("reading")
    progress("applying", 1, 3)
    first, second = map(json.loads, path.read_text().splitlines())
    assert (first["task"], first["message"], first["step"]) == ("workload", "reading", None)
    assert (second["step"], second["total"]) == (1, 3)
    assert second["time"] >= first["time"]


def test_empty_path_turns_progress_off(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Progress("", "workload")("reading")
    assert list(tmp_path.iterdir()) == []


def test_unwritable_file_does_not_fail_the_work(tmp_path):
    progress = Progress(str(tmp_path), "workload")
    progress("reading")
    assert progress.path is None
