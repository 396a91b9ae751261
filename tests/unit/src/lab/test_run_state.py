"""Tests of ``slipway.lab.run_state``."""

from pathlib import Path

import pytest

from slipway.lab.phase_plan import read_phases
from slipway.lab.phases import (
    ARTIFACT_MADE,
    BEGAN,
    ENDED,
    FAILED,
    OK,
    RUNNING,
    TASK_CHANGED,
    TASK_FAILED,
    WAITING,
)
from slipway.lab.progress import Step
from slipway.lab.run_state import Run

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures/project/playbooks"


def event(kind, **data):
    return {"event": kind, "event_data": data}


def kinds(changes):
    return [change.kind for change in changes]


@pytest.fixture
def run():
    return Run(read_phases(FIXTURE / "site.yml"))


def phases(run):
    return [phase for phase in run.phases if phase.plays]


def test_a_phase_begins_with_its_first_result_and_comes_back(run):
    mirror, hosts, report = phases(run)
    assert run.apply(event("playbook_on_play_start", name="Build artifacts"), 9) == []
    ok = {"task": "Build", "task_uuid": "1", "res": {"changed": True}}
    assert kinds(run.apply(event("runner_on_ok", host="a", **ok), 10)) == [BEGAN, TASK_CHANGED]
    assert kinds(run.apply(event("runner_on_ok", host="b", **ok), 11)) == []
    ended = run.apply(event("playbook_on_play_start", name="Start the hosts"), 12)
    assert [(one.kind, one.phase.id) for one in ended] == [(ENDED, "mirror")]
    assert (mirror.state, mirror.seconds, mirror.tasks, mirror.changed) == (OK, 2, 1, 2)
    run.apply(event("playbook_on_play_start", name="Build artifacts"), 20)
    run.apply(event("runner_on_ok", host="a", task_uuid="2", res={}), 20)
    assert (mirror.state, mirror.elapsed(21)) == (RUNNING, 3)
    run.finish(True, 25)
    assert (mirror.state, mirror.seconds) == (OK, 7)
    assert (hosts.state, report.state) == (WAITING, WAITING)


def test_skipped_tasks_are_not_shown(run):
    run.apply(event("playbook_on_play_start", name="Build artifacts"), 0)
    skipped = {"task": "Build", "task_uuid": "1", "host": "a"}
    assert run.apply(event("runner_on_start", **skipped), 1) == []
    assert run.apply(event("runner_on_skipped", **skipped), 1.1) == []
    assert run.tick(5) == []
    assert phases(run)[0].state == WAITING


def test_a_long_task_is_shown_while_it_runs(run):
    run.apply(event("playbook_on_play_start", name="Build artifacts"), 0)
    long = {"task": "Build", "task_uuid": "1", "host": "a", "task_action": "slipway.lab.image"}
    run.apply(event("runner_on_start", **long), 1)
    assert kinds(run.tick(2)) == [BEGAN]
    (task,) = run.tasks.visible("mirror", 2)
    assert (task.name, task.action) == ("Build", "image")
    run.apply(event("runner_retry", **long, res={"attempts": 3, "retries": 30}), 2)
    assert task.note == "attempt 3 of 30"
    run.apply(event("runner_on_ok", **long, res={}), 3)
    assert run.tasks.visible("mirror", 4) == []


def test_changed_is_what_ansible_counts_at_the_end(run):
    stats = {"ok": {"a": 3}, "changed": {"a": 1, "b": 2}, "failures": {}, "dark": {}}
    run.apply(event("playbook_on_stats", **stats), 1)
    assert run.changed == 3


def test_failures_name_phase_and_host(run):
    run.apply(event("playbook_on_play_start", name="Start the hosts"), 0)
    failed = {"task": "T", "res": {"msg": "no"}, "role": "lab_hosts"}
    ignored = run.apply(event("runner_on_failed", host="i", ignore_errors=True, **failed), 1)
    assert TASK_FAILED not in kinds(ignored)
    changes = run.apply(event("runner_on_unreachable", host="gone", **failed), 1)
    assert [(one.text, one.host) for one in changes] == [("T", "gone")]
    run.apply(event("playbook_on_stats", failures={}, dark={"gone": 1}, changed={}, ok={}), 2)
    (failure,) = run.final_failures
    assert (failure.phase, failure.host, failure.role) == ("hosts", "gone", "lab_hosts")
    assert failure.unreachable


def test_the_open_phase_fails_with_its_run(run):
    run.apply(event("playbook_on_play_start", name="Report"), 0)
    run.apply(event("runner_on_failed", host="h", task="T", res={"msg": "no"}), 1)
    assert kinds(run.finish(False, 2)) == [ENDED]
    assert [failure.task for failure in run.final_failures] == ["T"]
    assert [phase.state for phase in phases(run)] == [WAITING, WAITING, FAILED]


def test_artifacts_have_a_phase_of_their_own(run):
    assert kinds(run.step(Step(0, "artifacts", "a: x/y (1)"), 1)) == [BEGAN]
    assert kinds(run.step(Step(0, "artifacts", "a: made in 3 s"), 4)) == [ARTIFACT_MADE, ENDED]
    assert [phase.id for phase in run.phases if phase.state == OK] == ["artifacts"]


def test_unknown_events_change_nothing(run):
    assert run.apply({"event": "verbose"}, 0) == []
