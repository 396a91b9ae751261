"""The lesson command through Ansible, on a lesson that needs no lab."""

import json

import pytest

from support.json_document import read_document


@pytest.fixture
def lesson(slipway):
    """Run the command on what looks like a lab."""
    slipway.state.mkdir(parents=True)
    (slipway.state / "kubeconfig").write_text("")
    return lambda *arguments: slipway("lesson", *arguments)


def only(done):
    """Return the one result of a run."""
    (result,) = read_document("lessons", done.stdout)["lessons"]
    return result


def evidence(state, name="demo"):
    return json.loads((state / f"lessons/{name}.json").read_text())


def test_a_lesson_that_holds(lesson, slipway):
    done = lesson("demo", "--json")
    assert done.returncode == 0, done.stderr
    (told,) = read_document("lessons", done.stdout)["lessons"]
    assert told["lesson"] == "demo" and told["passed"] is True
    assert told["claims"][0] == {
        "name": "sum", "passed": True, "figure": 4, "unit": "apples",
        "expected": "2 + (3 if lesson_break == 'five' else 2) == 4", "seen": "4",
    }  # fmt: skip
    assert "✓ Two and two are four. (4 apples)" in done.stderr
    left = evidence(slipway.state)
    assert left["steps"][0]["commands"] == ["expr 2 + 2"]
    assert (
        left["evidence"][0]["data"] == {"a": [[0, 1], [1, 2]]}
        and left["evidence"][0]["step"] == "count"
    )


def test_all_is_a_list(lesson):
    done = lesson("all", "--json")
    assert [one["lesson"] for one in read_document("lessons", done.stdout)["lessons"]] == ["demo"]


def test_a_broken_lesson_names_the_claim_and_what_was_seen(lesson, slipway):
    done = lesson("demo", "--break", "five")
    assert done.returncode == 1
    assert "1 of 2 claims" in done.stdout and "sum: expected" in done.stdout
    assert "nothing" in done.stdout  # the observed value cannot be rendered
    assert evidence(slipway.state, "demo.break")["passed"] is False
    assert not (slipway.state / "lessons/demo.json").exists()


def test_an_unknown_break_is_refused(lesson):
    told = only(lesson("demo", "--break", "six", "--json"))
    assert (
        told["passed"] is False and "unknown break: six. Available: five" in told["error"]["reason"]
    )


def test_what_was_not_reached_does_not_hold(lesson):
    told = only(lesson("demo", "-e", "fixture_fail=lesson", "--json"))
    assert told["error"]["reason"].endswith("The step went wrong.")
    assert {one["name"]: one["seen"] for one in told["claims"] if not one["passed"]} == {
        "look": "not reached"
    }


def test_check_only_runs_only_checks(lesson, slipway):
    told = only(lesson("demo", "--check-only", "--json"))
    assert told["passed"] is True and [one["name"] for one in told["claims"]] == ["look"]
    assert not (slipway.state / "lessons/demo.json").exists()


def test_list_tells_titles_and_the_last_verdict(lesson):
    before = read_document("lesson-list", lesson("list", "--lang", "ko", "--json").stdout)
    assert before == {
        "lessons": [
            {"lesson": "demo", "title": "시범", "tasks": 2, "done": 0, "claims": 2, "passed": None}
        ]
    }
    lesson("demo")
    after = lesson("list")
    assert "passed" in after.stdout and "Demo" in after.stdout


def test_wrong_usage(lesson, slipway):
    assert lesson("nothing").returncode == 2
    assert lesson("demo", "--explain", "--json").returncode == 2
    (slipway.state / "kubeconfig").unlink()
    assert "no lab is up" in lesson("demo").stderr
