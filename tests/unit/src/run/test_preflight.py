"""Tests of ``slipway.run.preflight``."""

import pytest

from slipway.doctor.findings import error, ok, warning
from slipway.lab.phases import FAILED, OK
from slipway.lab.project import locate
from slipway.output.raw_view import RawView
from slipway.run.outcome import Options, Result
from slipway.run.preflight import create_doctor_phase, run_preflight
from support.displayed_run import make_console, text_of


@pytest.fixture
def examined(monkeypatch):
    """Run the preflight with given findings: whether it passed, the phase and the text."""

    def run(*findings, quiet=False):
        monkeypatch.setattr("slipway.run.preflight.examine_lab", lambda *_: list(findings))
        console, phase = make_console(), create_doctor_phase()
        console.quiet = quiet
        options = Options(quiet=quiet)
        fit = run_preflight(locate(), options, phase, RawView(console), console, Result())
        return fit, phase, text_of(console)

    return run


def test_warnings_are_printed_and_do_not_stop_a_run(examined):
    fit, phase, text = examined(ok("fine").named("a"), warning("low", "buy").named("memory"))
    assert fit
    assert (phase.state, phase.title) == (OK, "2 checks, 1 warning")
    assert "buy" in text
    assert "fine" not in text


def test_errors_stop_a_run_and_are_printed_even_when_it_is_quiet(examined):
    fit, phase, text = examined(error("none", "install it").named("docker"), quiet=True)
    assert not fit
    assert phase.state == FAILED
    assert "install it" in text


def test_a_quiet_run_prints_no_warnings(examined):
    assert examined(warning("low", "buy").named("memory"), quiet=True)[2] == ""
