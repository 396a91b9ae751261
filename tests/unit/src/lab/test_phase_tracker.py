"""Tests of ``slipway.lab.phase_tracker``."""

import pytest

from slipway.lab.phase_tracker import PhaseTracker
from slipway.lab.phases import FAILED, OK, RUNNING, WAITING, Phase
from slipway.lab.running_tasks import RunningTask, RunningTasks


@pytest.fixture
def tasks():
    return RunningTasks()


@pytest.fixture
def tracker(tasks):
    docker, mirror = Phase("docker", "Docker", ["Both"]), Phase("mirror", "Mirror", ["Both"])
    return PhaseTracker([docker, mirror, Phase("app", "App", ["App"])], tasks)


def start(tasks, phase, began):
    tasks.start(RunningTask(f"{phase} task", "T", "copy", phase, began), phase)


def test_phases_of_one_play_run_at_the_same_time(tracker, tasks):
    docker, mirror, app = tracker.phases
    tracker.start_play("Both", 0)
    tracker.enter(tracker.phase_of("docker"), 1)
    tracker.enter(tracker.phase_of("mirror"), 2)
    assert tracker.current == [docker, mirror]
    tracker.enter(mirror, 9)
    assert tracker.start_play("App", 10) == [docker, mirror]
    assert (docker.seconds, mirror.seconds) == (0, 7)  # to the last result of each
    assert app.state == WAITING


def test_a_task_without_a_role_belongs_to_no_phase_of_a_shared_play(tracker):
    tracker.start_play("Both", 0)
    assert tracker.phase_of("") is None
    tracker.start_play("App", 1)
    assert tracker.phase_of("").id == "app"


def test_a_phase_without_a_result_is_not_entered(tracker):
    tracker.start_play("App", 0)
    assert tracker.start_play("Both", 5) == []
    assert tracker.phases[2].state == WAITING


def test_a_task_that_runs_for_a_moment_enters_its_phase(tracker, tasks):
    tracker.start_play("App", 0)
    start(tasks, "app", 1.0)
    assert tracker.enter_by_time(1.1) == []
    (app,) = tracker.enter_by_time(1.5)
    assert (app.state, app.started) == (RUNNING, 1.0)
    assert tracker.enter_by_time(1.6) == []


def test_an_unknown_play_is_added(tracker):
    tracker.start_play("Something New", 0)
    assert tracker.phase_of("").id == "something-new"
    assert not tracker.phases[-1].listed


def test_the_phases_fail_with_their_run(tracker):
    tracker.start_play("App", 0)
    tracker.enter(tracker.phases[2], 1)
    assert [phase.id for phase in tracker.finish(False, 4)] == ["app"]
    assert (tracker.phases[2].state, tracker.phases[2].seconds) == (FAILED, 3)


def test_a_run_that_fails_before_the_first_result_fails_its_play(tracker):
    tracker.start_play("App", 0)
    tracker.finish(False, 4)
    assert tracker.phases[2].state == FAILED


def test_a_good_run_ends_its_phases(tracker):
    tracker.start_play("App", 0)
    assert tracker.finish(True, 4) == []
    tracker.enter(tracker.phases[2], 5)
    tracker.finish(True, 6)
    assert tracker.phases[2].state == OK


def test_a_phase_ends_when_only_another_phase_of_its_play_still_runs(tracker, tasks):
    docker, mirror, _ = tracker.phases
    tracker.start_play("Both", 0)
    tracker.enter(docker, 1)
    tracker.enter(mirror, 1)
    start(tasks, "mirror", 1.5)
    assert tracker.leave_idle(2.5) == []
    assert tracker.leave_idle(3.5) == [docker]
    assert (docker.state, docker.seconds) == (OK, 0)
    tasks.clear()
    assert tracker.leave_idle(9) == []  # the last phase ends with its play
    assert tracker.enter(docker, 10)
