"""Tests of ``slipway.output.plain_view``."""

import pytest

from slipway.lab.phases import Phase
from slipway.lab.progress import Step
from slipway.output.plain_view import PlainView
from support.displayed_run import Board, make_console, make_run, text_of


@pytest.fixture
def clock(monkeypatch):
    """The time of the view, which a test sets."""
    times = [1000.0]
    monkeypatch.setattr("slipway.output.plain_view.time.monotonic", lambda: times[0])
    return times


@pytest.fixture
def plain(clock):
    """A view of a run: the view, the run and a function that returns the lines."""
    console = make_console(terminal=False)
    view, run = PlainView(console), make_run()
    view.begin(Board(run))
    return view, run, lambda: text_of(console).splitlines()


def show(view, changes, now):
    for change in changes:
        view.change(change, now)


def result(run, kind, **data):
    data = {"task": "Write a file", "task_uuid": "2", "host": "lab1", **data}
    return run.apply({"event": kind, "event_data": data}, 1005.0)


def test_the_phases_are_listed_first(plain):
    _, _, lines = plain
    assert lines() == ["[   0s] phases: mirror, artifacts, minikube, app"]


def test_changed_and_failed_tasks_have_a_line_each(plain):
    view, run, lines = plain
    show(view, result(run, "runner_on_ok", res={"changed": False}), 1005.0)
    show(view, result(run, "runner_on_skipped"), 1005.0)
    show(view, result(run, "runner_on_ok", task_uuid="3", res={"changed": True}), 1005.0)
    show(view, result(run, "runner_on_failed", task_uuid="4", task="Break", res={}), 1005.0)
    show(view, run.finish(False, 1031.0), 1031.0)
    assert lines()[1:] == [
        "[   0s] minikube: changed: Write a file",
        "[   0s] minikube: failed: Break (lab1)",
        "[   0s] minikube: failed, 3 tasks, 1 changed, 31 s, last 48 s",
    ]


def test_a_heartbeat_reports_the_running_work(plain, clock):
    view, run, lines = plain
    view.step(Step(0, "minikube", "Pulling", 4, 19), "lab1", 1000.0)
    run.step(Step(0, "artifacts", "kubernetes: k8s.io/api (612)", 1, 13), 1000.0)
    for _ in range(70):
        clock[0] += 1
        if clock[0] == 1025:
            view.step(Step(0, "minikube", "Verifying", 11, 19), "lab1", 1025.0)
        view.tick(run, clock[0])
    assert lines()[1:3] == [
        "[  30s] artifacts: running for 30 s: 0 of 1 ready: kubernetes, package 612",
        "[  30s] minikube: running for 30 s: Converge the profile  lab1, lab2; "
        "lab1  step 11/19 Verifying",
    ]
    assert len(lines()) == 5


def test_steps_of_a_lesson_have_a_line_each(clock):
    console = make_console(terminal=False)
    view, run = PlainView(console), make_run()
    run.phases.append(Phase("tutorial", "Tutorial", plays=["Tutorial"]))
    view.begin(Board(run))
    view.step(Step(0, "tutorial", "Deploy", 1, 9), "", 1000.0)
    view.step(Step(0, "workload", "waiting"), "", 1000.0)
    assert text_of(console).splitlines()[1:] == ["[   0s] tutorial: step 1/9 Deploy"]


def test_a_cold_run_has_few_lines(plain, clock):
    """13 artifacts of 500 packages each, for a quarter of an hour."""
    view, run, lines = plain
    for artifact in range(13):
        for package in range(500):
            clock[0] += 0.15
            step = Step(0, "artifacts", f"a{artifact}: x/y ({package})", artifact, 13)
            show(view, run.step(step, clock[0]), clock[0])
            view.step(step, "", clock[0])
            view.tick(run, clock[0])
        made = Step(0, "artifacts", f"a{artifact}: made in 75 s", artifact, 13)
        show(view, run.step(made, clock[0]), clock[0])
    assert len(lines()) < 120
    assert "a12, 499 packages in 1:15" in "\n".join(lines())
