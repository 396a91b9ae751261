"""Tests of ``slipway.run.outcome``."""

from slipway.doctor.findings import error, ok, warning
from slipway.exit_codes import ExitCode
from slipway.lab.failures import Explanation
from slipway.lab.phases import OK, Phase
from slipway.run.outcome import Options, Outcome, Result

FAILURE = Explanation("hosts", "lab1", "T", "x.yml:1", "no", "retry")


def test_a_failed_playbook_decides_the_exit_code():
    result = Result()
    result.add(Outcome(ok=True, interrupted=False, failures=[]), 2)
    assert (result.code, result.changed) == (ExitCode.OK, 2)
    result.add(Outcome(ok=False, interrupted=False, failures=[FAILURE]), 1)
    assert (result.code, result.changed, result.failures) == (ExitCode.FAILED, 3, [FAILURE])
    result.add(Outcome(ok=False, interrupted=True, failures=[]), 0)
    assert result.code == ExitCode.INTERRUPTED


def test_an_error_of_the_preflight_decides_the_exit_code():
    result = Result()
    assert result.add_findings([ok("fine"), warning("low", "buy")])
    assert result.code == ExitCode.OK
    assert not result.add_findings([error("no", "buy")])
    assert result.code == ExitCode.UNFIT


def test_the_document_lists_the_phases_that_were_asked_for():
    phases = [Phase("a", "A", state=OK, seconds=1.234, tasks=2), Phase("b", "B", listed=False)]
    found = Result(phases=phases, findings=[ok("fine").named("x")]).as_dict()
    assert found["phases"] == [
        {"id": "a", "title": "A", "state": "ok", "seconds": 1.23, "tasks": 2, "changed": 0}
    ]
    assert found["findings"] == []


def test_a_part_of_the_lab_is_no_whole_lab():
    assert Options(arguments=["--tags", "app"]).partial
    assert not Options(arguments=["-e", "x=1"]).partial
