"""Examine the machine as the first phase of a run."""

from __future__ import annotations

import time

from rich.console import Console

from slipway.doctor import examine_lab
from slipway.doctor import findings as levels
from slipway.lab.phases import BEGAN, ENDED, FAILED, OK, Change, Phase
from slipway.lab.project import Project
from slipway.output.findings import findings_summary, show_findings
from slipway.output.view import View
from slipway.run.outcome import Options, Result


def create_doctor_phase() -> Phase:
    """Return the phase in which the machine is examined."""
    return Phase("doctor", "Examine this machine")


def run_preflight(
    project: Project, options: Options, phase: Phase, view: View, console: Console, result: Result
) -> bool:
    """Examine the machine; return whether it can run a lab.

    Args:
        project: The lab.
        options: The user's options.
        phase: The phase, which is updated.
        view: Shows the phase.
        console: Where warnings and errors are printed.
        result: Gets the findings, and the exit code when the machine cannot run a lab.
    """
    began = time.monotonic()
    phase.begin(began)
    view.change(Change(BEGAN, phase), began)
    fit = result.add_findings(examine_lab(project, options.arguments))
    phase.title = findings_summary(result.findings)
    ended = time.monotonic()
    phase.end(OK if fit else FAILED, ended)
    view.change(Change(ENDED, phase), ended)
    console.quiet = options.quiet and fit
    show_findings(console, [one for one in result.findings if one.level != levels.OK])
    return fit
