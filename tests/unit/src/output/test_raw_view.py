"""Tests of ``slipway.output.raw_view``."""

from slipway.lab.progress import Step
from slipway.output.raw_view import RawView, SilentView
from support.displayed_run import make_console, text_of


def shown(kind):
    console = make_console()
    view = kind(console)
    view.output("ok: [lab1]\n[WARNING]: markup stays")
    view.step(Step(0, "minikube", "Pulling", 4, 19), "lab1", 0)
    return text_of(console).splitlines()


def test_output_and_progress_are_printed_as_they_are():
    assert shown(RawView) == [
        "ok: [lab1]",
        "[WARNING]: markup stays",
        "  lab1: step 4/19 Pulling",
    ]


def test_a_silent_view_prints_nothing():
    assert shown(SilentView) == []
