"""Tests of ``slipway.output.phase_text``."""

from slipway.lab.phases import Phase
from slipway.lab.progress import LatestSteps, Step
from slipway.output.phase_text import activity, counts, last_duration
from support.displayed_run import make_run


def test_numbers_are_left_out_when_there_are_none():
    assert counts(Phase("a", "A")) == []
    assert counts(Phase("a", "A", tasks=1)) == ["1 task"]
    assert counts(Phase("a", "A", tasks=3, changed=2)) == ["3 tasks", "2 changed"]
    assert last_duration(Phase("a", "A")) == ""
    assert last_duration(Phase("a", "A", last_seconds=62)) == "last 1:02"


def test_steps_belong_to_the_hosts_of_the_running_tasks():
    run, steps = make_run(), LatestSteps()
    steps.add(Step(0, "minikube", "Pulling"), "lab1", 1000.0)
    steps.add(Step(0, "minikube", "Pulling"), "other", 1000.0)
    phase = run.phases[2]
    assert activity(phase, run, steps, 1010.0) == [
        "Converge the profile  lab1, lab2",
        "lab1  Pulling",
    ]
    assert activity(phase, run, steps, 1100.0) == ["Converge the profile  lab1, lab2"]


def test_a_phase_between_two_tasks_shows_its_title():
    run = make_run()
    run.tasks.clear()
    assert activity(run.phases[2], run, LatestSteps(), 1010.0) == ["Start the cluster"]
