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
    predicted = run(check=True, content={"a": 1}, validate="false %s")
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
