"""Tests of ``slipway.output.live_view``."""

import pytest

from slipway.lab.progress import Step
from slipway.output.live_view import LiveView
from slipway.output.phase_text import STOPPING
from support.displayed_run import Board, make_console, make_run, text_of


@pytest.fixture
def draw(monkeypatch):
    """Draw a view of a run at the time 1031."""
    monkeypatch.setattr("slipway.output.live_view.time.monotonic", lambda: 1031.0)

    def drawn(run, width=80, **calls):
        console = make_console(width)
        view = LiveView(console)
        view._board = Board(run)  # without the thread that redraws
        view.tick(run, 1031.0)
        for name, arguments in calls.items():
            getattr(view, name)(*arguments)
        console.print(view.draw())
        return text_of(console)

    return drawn


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_table_fits_and_shows_the_running_tasks(draw, width):
    step = Step(0, "minikube", "Verifying Kubernetes components", 11, 19)
    text = draw(make_run(), width, step=(step, "lab1", 1030.0))
    assert all(len(line) <= width for line in text.splitlines())
    assert width < 80 or "Converge the profile  lab1, lab2" in text
    assert "Converge the profile" in text
    assert "lab1  step 11/19 Verifying" in text
    assert "31 s" in text and "last 48 s" in text
    assert "1:01" in text
    assert width < 80 or "3 tasks, 1 changed" in text


def test_artifacts_run_beside_the_other_phases(draw):
    run = make_run()
    run.step(Step(0, "artifacts", "kubernetes: k8s.io/api (612)", 1, 13), 1005.0)
    text = draw(run)
    assert "0 of 1 ready: kubernetes, package 612" in text
    assert "Converge the profile" in text


def test_stopping_is_shown(draw):
    assert STOPPING in draw(make_run(), stopping=())


def test_the_last_state_stays_on_the_screen(draw):
    console = make_console()
    run = make_run()
    view = LiveView(console)
    view.begin(Board(run))
    run.finish(True, 1040.0)
    view.end()
    assert "Start the cluster" in text_of(console)
