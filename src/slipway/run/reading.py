"""Run a playbook that only reads the lab."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence

from slipway.lab.failures import reason
from slipway.lab.project import Project
from slipway.lab.run_state import Run
from slipway.output.console import error_console
from slipway.output.raw_view import RawView, SilentView
from slipway.run.playbook_runner import PlaybookRunner


def run_quietly(
    project: Project,
    playbook: str,
    extra_vars: Sequence[str],
    verbose: bool,
    as_json: bool,
) -> str:
    """Run a playbook that only reads; return why it failed, or an empty string.

    Args:
        project: The lab.
        playbook: Its name, such as ``status``.
        extra_vars: Values of ``-e``.
        verbose: Show Ansible's output.
        as_json: Show no progress.
    """
    console = error_console()
    view = RawView(console) if verbose else SilentView(console)
    arguments = [word for value in extra_vars for word in ("-e", value)]
    runner = PlaybookRunner(project, uuid.uuid4().hex, io.StringIO(), view)
    if as_json or verbose:
        outcome = runner.play(playbook, arguments, Run([]))
    else:
        with console.status("reading the lab"):
            outcome = runner.play(playbook, arguments, Run([]))
    if outcome.ok:
        return ""
    reasons = [reason(failure.result) for failure in outcome.failures]
    return "\n".join(reasons) or f"playbooks/{playbook}.yml failed; see it with --verbose"
