"""Tests of the action plugin ``lesson``."""

from ansible_collections.slipway.lab.plugins.action import claim, lesson


def test_a_lesson_begins_with_an_empty_record(run, evidence):
    assert run(lesson, state="begun")["lesson"] == "demo"
    record = evidence()
    assert (record["claims"], record["error"], record["passed"]) == ([], None, False)
    assert record["versions"] == {"kubernetes": "v1.35.1", "minikube": "v1.38.0"}


def test_an_unknown_break_is_rejected(run, variables):
    variables["lesson_break"] = "six"
    result = run(lesson, state="begun")
    assert result["failed"] and result["msg"] == "lesson_break: unknown break: six. Available: five"


def test_a_lesson_passes_when_all_claims_hold(run, evidence):
    for name in ("sum", "other"):
        run(claim, name=name, that="true")
    result = run(lesson, state="ended")
    assert "failed" not in result and (result["passed"], result["claims"]) == (True, 2)
    assert evidence()["seconds"] >= 0


def test_the_end_names_claims_that_do_not_hold_or_were_not_reached(run):
    run(claim, name="sum", that="false", expected="four", seen="five")
    result = run(lesson, state="ended")
    assert result["failed"] and result["msg"].splitlines() == [
        "lesson demo: 2 of 2 claims did not hold",
        "sum: Two and two are four.",
        "  expected: four",
        "  seen: five",
        "not reached: other",
    ]


def test_a_partial_run_ignores_claims_that_were_not_reached(run, variables):
    variables["lesson_check_only"] = True
    run(claim, name="sum", that="true")
    assert run(lesson, state="ended")["passed"] is True


def test_a_failed_task_is_the_error_of_the_lesson(run, variables, evidence):
    variables["ansible_failed_task"] = {"name": "Deploy an app"}
    variables["ansible_failed_result"] = {"stderr": "no route to host"}
    run(lesson, state="failed")
    assert evidence()["error"] == {"task": "Deploy an app", "reason": "no route to host"}
    assert "cut short by Deploy an app: no route to host" in run(lesson, state="ended")["msg"]
