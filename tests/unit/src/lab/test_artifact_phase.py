"""Tests of ``slipway.lab.artifact_phase``."""

import pytest

from slipway.lab.artifact_phase import ALL_CACHED, ArtifactPhase
from slipway.lab.artifact_progress import ArtifactProgress
from slipway.lab.phases import ARTIFACT_MADE, BEGAN, ENDED, FAILED, OK, RUNNING, WAITING, Phase
from slipway.lab.progress import Step


@pytest.fixture
def made():
    return ArtifactPhase(Phase("artifacts", "Artifacts"), ArtifactProgress())


def result(missing):
    return {"task_action": "slipway.lab.cached_artifact", "res": {"made": missing}}


def kinds(changes):
    return [change.kind for change in changes]


def test_the_phase_lasts_from_the_first_step_to_the_last_artifact(made):
    made.read_result(result(["a", "b"]), 0)
    assert made.phase.state == WAITING
    assert kinds(made.add(Step(0, "artifacts", "a: x (1)"), 1)) == [BEGAN]
    assert kinds(made.add(Step(0, "artifacts", "a: made in 1 s"), 2)) == [ARTIFACT_MADE]
    assert made.phase.state == RUNNING
    last = made.add(Step(0, "artifacts", "b: made in 1 s"), 5)
    assert kinds(last) == [ARTIFACT_MADE, ENDED]
    assert (made.phase.state, made.phase.seconds) == (OK, 4)


def test_nothing_missing_is_a_result(made):
    assert kinds(made.read_result(result([]), 3)) == [ENDED]
    assert made.read_result(result([]), 4) == []
    assert (made.phase.state, made.phase.title, made.phase.seconds) == (OK, ALL_CACHED, 0)


def test_an_unfinished_phase_fails_with_its_run(made):
    made.add(Step(0, "artifacts", "a: x (1)"), 1)
    assert kinds(made.finish(False, 4)) == [ENDED]
    assert made.phase.state == FAILED
    assert made.finish(False, 5) == []


def test_a_phase_that_never_began_is_hidden(made):
    assert made.finish(True, 4) == []
    assert not made.phase.listed


def test_results_and_steps_of_other_modules_are_ignored(made):
    made.read_result({"task_action": "copy", "res": {"made": []}}, 0)
    assert made.add(Step(0, "minikube", "a: made in 1 s"), 1) == []
    assert made.phase.state == WAITING


def test_a_playbook_without_artifacts_has_no_phase():
    none = ArtifactPhase(None, ArtifactProgress())
    assert none.add(Step(0, "artifacts", "a: x (1)"), 1) == []
    assert none.read_result(result([]), 1) == []
    assert none.finish(True, 2) == []
