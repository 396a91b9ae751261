"""Tests of the record of a restore."""

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.journal import (
    FILLING,
    Journal,
    forget_journal,
    new_state,
    old_state,
    read_journal,
)


def test_a_record_is_read_as_it_was_written(tmp_path):
    assert read_journal(tmp_path) is None
    journal = Journal("clean", volumes=["v"], containers={"c": {"Image": "i"}})
    journal.write(tmp_path / "state")
    assert read_journal(tmp_path / "state") == journal
    assert journal.stage == FILLING
    assert (tmp_path / "state/.restore").stat().st_mode & 0o777 == 0o700


def test_a_record_is_forgotten_with_its_files(tmp_path):
    Journal("clean").write(tmp_path)
    new_state(tmp_path).mkdir()
    old_state(tmp_path).mkdir()
    forget_journal(tmp_path)
    assert list(tmp_path.iterdir()) == []
