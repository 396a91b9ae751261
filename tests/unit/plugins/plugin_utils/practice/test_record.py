"""Tests of ``practice.record``."""

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Progress, Record


def test_a_record_is_kept(tmp_path):
    record = Record.load(tmp_path, "demo")
    assert record.current == "" and record.tasks == {}
    record.begin("one")
    record.of("one").hints = 2
    record.of("two").predicted = "세 개"
    record.save()
    again = Record.load(tmp_path, "demo")
    assert again == record and again.of("two").predicted == "세 개"


def test_a_damaged_record_is_an_empty_one(tmp_path):
    (tmp_path / "demo.json").write_text("{")
    assert Record.load(tmp_path, "demo").tasks == {}


def test_the_first_time_of_a_task_is_kept(tmp_path):
    record = Record.load(tmp_path, "demo")
    record.begin("one")
    began = record.of("one").began
    record.begin("one")
    assert record.of("one").began == began > 0


def test_states():
    assert Progress().state == "new"
    assert Progress(began=1).state == "open"
    assert Progress(began=1, green=2).state == "done"
    assert Progress(began=1, green=2, solved=True).state == "solved"
