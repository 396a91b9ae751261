"""Tests of ``slipway.lab.phases``."""

from pathlib import Path

from slipway.lab.phases import FAILED, OK, RUNNING, SKIPPED, WAITING, Run, plan

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures/project/playbooks"


def event(kind, **data):
    return {"event": kind, "event_data": data}


def run_of_fixture():
    return Run(plan(FIXTURE / "site.yml"))


def test_plays_with_one_tag_are_one_phase():
    phases = plan(FIXTURE / "site.yml")
    assert [(phase.id, phase.title) for phase in phases] == [
        ("mirror", "Make artifacts"),
        ("hosts", "Start the hosts"),
        ("report", "Report"),
    ]


def test_imported_playbooks_and_plays_without_tags(tmp_path):
    (tmp_path / "outer.yml").write_text(
        "- import_playbook: inner.yml\n- name: Last One\n  hosts: all\n"
    )
    (tmp_path / "inner.yml").write_text(
        "- name: Inner\n  hosts: all\n  tags: a,b\n  vars: {x: !vault secret}\n"
    )
    assert [phase.id for phase in plan(tmp_path / "outer.yml")] == ["a", "last-one"]


def test_a_playbook_that_cannot_be_read_has_no_phases(tmp_path):
    assert plan(tmp_path / "absent.yml") == []
    (tmp_path / "broken.yml").write_text("- name: [\n")
    assert plan(tmp_path / "broken.yml") == []


def test_a_phase_that_comes_back_adds_up():
    run = run_of_fixture()
    mirror, hosts, report = run.phases
    run.apply(event("playbook_on_play_start", name="Make artifacts"), 10)
    assert mirror.state == RUNNING
    run.apply(event("playbook_on_task_start", task="Build"), 10)
    run.apply(event("runner_on_ok", host="a", task_uuid="1", res={"changed": True}), 11)
    run.apply(event("runner_on_ok", host="b", task_uuid="1", res={"changed": True}), 11)
    run.apply(event("playbook_on_play_start", name="Start the hosts"), 12)
    assert (mirror.state, mirror.seconds, mirror.tasks, mirror.changed) == (OK, 2, 1, 2)
    run.apply(event("playbook_on_play_start", name="Make artifacts"), 20)
    assert hosts.state == SKIPPED  # no task of it ran
    assert (mirror.state, mirror.elapsed(21)) == (RUNNING, 3)
    run.finish(True, 25)
    assert (mirror.state, mirror.seconds, report.state) == (OK, 7, SKIPPED)


def test_changed_is_what_ansible_counts_at_the_end():
    run = run_of_fixture()
    stats = {"ok": {"a": 3}, "changed": {"a": 1, "b": 2}, "failures": {}, "dark": {}}
    assert run.apply(event("playbook_on_stats", **stats), 1) == "stats"
    assert run.changed == 3


def test_failures_that_were_rescued_or_ignored_are_not_told():
    run = run_of_fixture()
    run.apply(event("playbook_on_play_start", name="Start the hosts"), 0)
    failed = {"task": "T", "res": {"msg": "no"}}
    run.apply(event("runner_on_failed", host="rescued", **failed), 1)
    run.apply(event("runner_on_failed", host="ignored", ignore_errors=True, **failed), 1)
    run.apply(event("runner_on_unreachable", host="gone", **failed), 1)
    stats = {"failures": {}, "dark": {"gone": 1}, "changed": {}, "ok": {}}
    run.apply(event("playbook_on_stats", **stats), 2)
    assert [failure.host for failure in run.final_failures] == ["gone"]
    assert run.final_failures[0].unreachable
    assert run.final_failures[0].phase == "hosts"


def test_a_run_that_was_cut_off_tells_its_last_failure():
    run = run_of_fixture()
    run.apply(event("playbook_on_play_start", name="Report"), 0)
    run.apply(event("runner_on_failed", host="h", task="T", res={"msg": "no"}), 1)
    run.finish(False, 2)
    assert [failure.task for failure in run.final_failures] == ["T"]
    assert run.phases[2].state == FAILED
    assert run.phases[0].state == WAITING


def test_a_retry_is_noted_until_the_next_task():
    run = run_of_fixture()
    run.apply(event("playbook_on_task_start", task="Wait"), 0)
    run.apply(event("runner_retry", res={"attempts": 3, "retries": 30}), 1)
    assert run.note == "attempt 3 of 30"
    run.apply(event("playbook_on_task_start", task="Next", task_action="a.b.copy"), 2)
    assert (run.note, run.action) == ("", "copy")


def test_a_play_that_is_not_in_the_plan_becomes_a_phase():
    run = run_of_fixture()
    run.apply(event("playbook_on_play_start", name="Something New"), 0)
    assert run.current.id == "something-new"
