"""Contract of the module json_file: merge, check mode, diff, idempotence, validation, bad input."""

import json

import pytest

from support.module_runner import run_module


@pytest.fixture
def run(tmp_path):
    """Run the module on tmp_path/etc/x.json and return what it answers."""

    def run(check=False, **arguments):
        path = str(tmp_path / "etc" / "x.json")
        return run_module("json_file", check=check, diff=True, **{"path": path, **arguments})

    return run


@pytest.fixture
def file(tmp_path):
    (tmp_path / "etc").mkdir()
    return tmp_path / "etc" / "x.json"


def test_made_with_its_directory_then_unchanged(run, tmp_path):
    made = run(content={"a": 1}, defaults={"b": 2})
    file = tmp_path / "etc" / "x.json"
    assert made["changed"] and made["changed_keys"] == ["a", "b"]
    assert json.loads(file.read_text()) == {"a": 1, "b": 2}
    assert file.stat().st_mode & 0o777 == 0o644
    again = run(content={"a": 1}, defaults={"b": 2})
    assert not again["changed"] and again["changed_keys"] == []


def test_made_even_when_nothing_is_declared(run):
    assert run()["changed"]
    assert not run()["changed"]


def test_keys_of_others_stay(run, file):
    file.write_text('{"theirs": {"x": 1}, "b": "kept"}')
    result = run(content={"theirs": {"y": 2}}, defaults={"b": 2})
    assert result["changed_keys"] == ["theirs"]
    assert json.loads(file.read_text()) == {"theirs": {"x": 1, "y": 2}, "b": "kept"}


def test_text_of_an_unchanged_file_stays_as_it_was_written(run, file):
    text = '{ "a":1,\t"b" : 2 }'
    file.write_text(text)
    file.chmod(0o644)
    assert not run(content={"a": 1})["changed"]
    assert file.read_text() == text


def test_symbolic_link_stays_and_its_target_changes(run, file):
    target = file.parent / "managed" / "daemon.json"
    target.parent.mkdir()
    target.write_text('{"theirs": 1}')
    file.symlink_to("managed/daemon.json")
    assert run(content={"a": 1})["changed"]
    assert file.is_symlink()
    assert json.loads(target.read_text()) == {"theirs": 1, "a": 1}
    assert not run(content={"a": 1})["changed"]


def test_byte_order_mark_is_ignored(run, file):
    file.write_bytes(b'\xef\xbb\xbf{"theirs": 1}\n')
    assert run(content={"a": 1})["content"] == {"theirs": 1, "a": 1}


def test_null_removes_a_key(run, file):
    file.write_text('{"a": 1, "b": 2}')
    assert run(content={"a": None})["content"] == {"b": 2}
    assert not run(content={"a": None})["changed"]


def test_check_mode_predicts_and_does_nothing(run, tmp_path):
    predicted = run(check=True, content={"a": 1}, validate="test -s %s")
    assert predicted["changed"] and predicted["content"] == {"a": 1}
    assert not (tmp_path / "etc").exists()


def test_diff_shows_before_and_after(run, file):
    file.write_text('{"a": 1}\n')
    diff = run(check=True, content={"a": 2})["diff"]
    assert diff["before"] == '{"a": 1}\n'
    assert json.loads(diff["after"]) == {"a": 2}


def test_mode_alone_is_a_change(run, file):
    file.write_text("{}")
    file.chmod(0o600)
    assert run(mode="0640")["changed"]
    assert file.stat().st_mode & 0o777 == 0o640
    assert not run(mode="0640")["changed"]


def test_refused_content_leaves_the_file_and_says_why(run, file):
    file.write_text('{"a": 1}')
    result = run(content={"a": 2}, validate="sh -c 'echo unknown key in $0 >&2; exit 1' %s")
    assert result["failed"]
    assert f"unknown key in {file}" in result["msg"] and "stays as it was" in result["msg"]
    assert file.read_text() == '{"a": 1}'
    assert [p.name for p in file.parent.iterdir()] == ["x.json"]


def test_accepted_content_is_what_the_command_has_seen(run, file, tmp_path):
    seen = tmp_path / "seen"
    assert run(content={"a": 2}, validate=f"cp %s {seen}")["changed"]
    assert seen.read_text() == file.read_text()


@pytest.mark.parametrize("text", ["{", "[1]", '"text"', "{'a': 1}", '{"a": 1} x'])
def test_file_that_is_no_json_object_is_named_and_left(run, file, text):
    file.write_text(text)
    result = run(content={"a": 1})
    assert result["failed"] and str(file) in result["msg"] and "move it away" in result["msg"]
    assert file.read_text() == text


def test_empty_file_counts_as_empty_object(run, file):
    file.write_text("\n")
    assert run(content={"a": 1})["content"] == {"a": 1}


@pytest.mark.parametrize("arguments", [{"content": [1]}, {"defaults": "x"}, {"unknown": 1}])
def test_bad_arguments(run, arguments):
    result = run(**arguments)
    assert result["failed"]
    assert next(iter(arguments)) in result["msg"]


def test_check_mode_runs_the_validation(run, file):
    assert (
        "a change of a is refused" in run(check=True, content={"a": 1}, validate="false %s")["msg"]
    )
    assert not file.exists()


@pytest.fixture
def record(tmp_path):
    return tmp_path / "state" / "record.json"


def test_a_key_that_is_no_longer_declared_gets_its_former_value(run, file, record):
    file.write_text('{"theirs": 1, "a": 1, "gone": 3}')
    run(content={"a": 2, "b": {"c": 1}, "gone": None}, record=str(record))
    assert json.loads(file.read_text()) == {"theirs": 1, "a": 2, "b": {"c": 1}}
    assert record.stat().st_mode & 0o777 == 0o600
    assert not run(content={"a": 2, "b": {"c": 1}, "gone": None}, record=str(record))["changed"]
    again = run(content={"d": 5}, record=str(record))
    assert again["changed_keys"] == ["a", "b", "d", "gone"]
    assert again["content"] == {"theirs": 1, "a": 1, "d": 5, "gone": 3}


def test_the_removal_keeps_what_others_changed(run, file, record):
    file.write_text('{"l": ["theirs"]}')
    run(content={"a": 1, "b": 2, "l": ["ours"]}, union=["l"], record=str(record))
    content = json.loads(file.read_text())
    assert content["l"] == ["theirs", "ours"]
    file.write_text(json.dumps({**content, "b": 9, "l": ["theirs", "ours", "later"]}))
    predicted = run(check=True, state="absent", record=str(record))
    assert predicted["changed"] and record.exists()
    left = run(state="absent", record=str(record))["content"]
    assert left == json.loads(file.read_text()) == {"b": 9, "l": ["theirs", "later"]}
    assert not record.exists()
    assert not run(state="absent", record=str(record))["changed"]


def test_the_removal_deletes_a_file_of_its_own(run, file, record):
    run(content={"a": 1}, record=str(record))
    assert run(state="absent", record=str(record))["changed"]
    assert not file.exists() and not record.exists()


def test_a_run_that_was_killed_between_record_and_file_is_repeated(run, file, record):
    file.write_text('{"a": 1}')
    run(content={"a": 2}, record=str(record))
    file.write_text('{"a": 1}')
    assert run(content={"a": 2}, record=str(record))["changed"]
    assert run(state="absent", record=str(record))["content"] == {"a": 1}


def test_defaults_of_another_driver_are_left_out(run, file):
    file.write_text('{"driver": "other"}')
    arguments = {"defaults": {"driver": "own", "opts": {"x": 1}}, "together": [["driver", "opts"]]}
    assert run(**arguments)["content"] == {"driver": "other"}
    file.write_text("{}")
    assert run(content={"driver": "other"}, **arguments)["content"] == {"driver": "other"}
    file.write_text("{}")
    assert run(**arguments)["content"] == {"driver": "own", "opts": {"x": 1}}


def test_an_existing_file_keeps_its_mode(run, file):
    file.write_text("{}")
    file.chmod(0o640)
    run(content={"a": 1})
    assert file.stat().st_mode & 0o777 == 0o640


def test_null_is_a_file_without_settings(run, file):
    file.write_text("null\n")
    assert run(content={"a": 1})["content"] == {"a": 1}


def test_a_place_that_cannot_be_written_is_named(run, tmp_path):
    (tmp_path / "etc").write_text("no directory")
    result = run(content={"a": 1})
    assert result["failed"] and "can't be written and stays as it was" in result["msg"]
    assert str(tmp_path / "etc") in result["msg"]
