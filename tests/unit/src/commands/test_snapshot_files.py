"""Tests of ``slipway.commands.snapshot_files``."""

import json

from slipway.commands.snapshot_files import complete_snapshots


def test_snapshots_are_listed_shown_and_deleted_without_an_engine(command, saved):
    (found,) = json.loads(command("snapshot", "list", "--json").stdout)["snapshots"]
    assert (found["name"], found["lab"], found["state"]) == ("clean", "two", "ok")
    assert "clean" in command("snapshot", "list").stdout
    assert json.loads(command("snapshot", "show", "clean", "--verify", "--json").stdout) == found
    assert "private keys" in command("snapshot", "show", "clean").stdout
    assert command("snapshot", "show", "none").exit_code == 1
    assert command("snapshot", "delete", "none").exit_code == 1
    done = command("snapshot", "delete", "clean", "--json")
    assert json.loads(done.stdout) == {"ok": True, "deleted": "clean"} and not saved.exists()
    assert "no snapshot" in command("snapshot", "list").stdout


def test_a_damaged_snapshot_is_listed_with_its_problem(command, saved):
    (saved / "manifest.json").write_text("{}")
    assert "is damaged" in " ".join(command("snapshot", "list").stdout.split())
    done = command("snapshot", "show", "clean")
    assert done.exit_code == 1 and "damaged" in done.stdout
    assert command("snapshot", "delete", "clean").exit_code == 0


def test_a_snapshot_is_exported_and_imported(command, saved, tmp_path):
    file = str(tmp_path / "file")
    assert "wrote the snapshot clean" in command("snapshot", "export", "clean", file).stdout
    again = command("snapshot", "export", "clean", file)
    assert again.exit_code == 1 and "exists already" in again.stderr
    done = command("snapshot", "import", file, "--name", "other", "--json")
    assert json.loads(done.stdout) == {"ok": True, "name": "other", "file": file}
    assert command("snapshot", "import", file).exit_code == 1
    assert command("snapshot", "import", file, "--name", "../x").exit_code == 2


def test_names_are_completed(saved):
    assert complete_snapshots(None, None, "cl") == ["clean"]
    assert complete_snapshots(None, None, "x") == []
