"""Tests of ``slipway.lab.artifact_progress``."""

import pytest

from slipway.lab.artifact_progress import ArtifactProgress
from slipway.lab.progress import Step


def step(message, number=1, total=2):
    return Step(0, "artifacts", message, number, total)


def test_packages_are_counted_and_named():
    progress = ArtifactProgress()
    progress.expect(["kubernetes", "coredns"])
    assert progress.add(step("kubernetes: k8s.io/api/core/v1 (120)"), 10) is None
    assert progress.text(20) == "0 of 2 ready: kubernetes, package 120"


def test_downloads_show_their_size():
    progress = ArtifactProgress()
    progress.add(step("minikube: 12 of 130 MiB"), 0)
    assert progress.text(1) == "0 of 1 ready: minikube, 12 of 130 MiB"


def test_other_lines_are_shown_as_they_are():
    progress = ArtifactProgress()
    progress.add(step("debian13: I: extracting archives... (8)"), 0)
    assert progress.text(1) == "0 of 1 ready: debian13, I: extracting archives..."


def test_the_remaining_time_comes_from_earlier_runs():
    earlier = {
        "kubernetes": {"seconds": 300, "packages": 1000},
        "coredns": {"seconds": 60, "packages": 400},
    }
    progress = ArtifactProgress(earlier)
    progress.expect(["kubernetes", "coredns"])
    assert progress.text(0) == "0 of 2 ready: about 6:00 left"
    progress.add(step("kubernetes: a/b (500)"), 10)
    assert progress.text(20) == "0 of 2 ready: kubernetes, package 500 of 1000, about 3:30 left"
    progress.add(step("kubernetes: a/b (1200)"), 100)  # more packages than before: by time
    assert progress.text(110) == "0 of 2 ready: kubernetes, package 1200, about 4:20 left"


def test_no_estimate_is_given_for_an_unknown_artifact():
    progress = ArtifactProgress({"kubernetes": {"seconds": 300, "packages": 1000}})
    progress.expect(["kubernetes", "new"])
    assert "left" not in progress.text(0)


def test_a_complete_artifact_is_reported_and_measured_once():
    progress = ArtifactProgress()
    progress.expect(["kubernetes", "coredns"])
    progress.add(step("kubernetes: a/b (500)"), 10)
    assert progress.add(step("kubernetes: made in 61.0 s"), 71) == "kubernetes"
    assert progress.add(step("kubernetes: made in 61.0 s"), 72) is None
    assert progress.summary("kubernetes") == "1 of 2 ready: kubernetes, 500 packages in 1:01"
    assert progress.measured() == {"kubernetes": {"seconds": 61, "packages": 500}}
    assert not progress.complete
    progress.add(step("coredns: made in 1 s"), 73)
    assert progress.complete


@pytest.mark.parametrize("message", ["", "no name"])
def test_a_message_of_another_kind_is_ignored(message):
    progress = ArtifactProgress()
    assert progress.add(step(message), 0) is None
    assert progress.total == 0
