"""Tests of ``slipway.run.outcome``."""

from pathlib import Path

from slipway.doctor.findings import error, ok, warning
from slipway.exit_codes import ExitCode
from slipway.lab.phases import OK, Failure, Phase
from slipway.launcher import CommandLine
from slipway.run.outcome import Options, Outcome, Result

FAILURE = Failure("hosts", "lab1", "T", "/p/x.yml:1", {"msg": "Host key verification failed."})
PLACE = (Path("/p"), CommandLine(" --lab two", "./slipway"))


def test_a_failed_playbook_decides_the_exit_code():
    result = Result()
    result.add(Outcome(ok=True, interrupted=False, failures=[]), 2, *PLACE)
    assert (result.code, result.changed) == (ExitCode.OK, 2)
    result.add(Outcome(ok=False, interrupted=False, failures=[FAILURE]), 1, *PLACE)
    assert (result.code, result.changed) == (ExitCode.FAILED, 3)
    assert [one.where for one in result.failures] == ["x.yml:1"]
    assert "./slipway up --lab two" in result.failures[0].next_step
    result.add(Outcome(ok=False, interrupted=True, failures=[]), 0, *PLACE)
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
