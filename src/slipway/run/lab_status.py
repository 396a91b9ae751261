"""The status of a lab: what the playbooks reported, this machine, the lessons and the next step."""

from __future__ import annotations

import json
from typing import Any

from slipway.lab.project import Project
from slipway.lab.resources import read_resources
from slipway.launcher import CommandLine
from slipway.lessons.results import read_results
from slipway.run.next_step import next_step


def empty_status(project: Project, lines: CommandLine) -> dict[str, Any]:
    """Return the status of a lab that does not exist.

    Args:
        project: The lab.
        lines: Writes command lines for the lab.
    """
    status: dict[str, Any] = {
        "ready": False,
        "lab": project.lab,
        "nodes": [],
        "namespaces": [],
        "services": [],
        "hosts": [],
        "kubeconfig": None,
        "kubectl": None,
        "app": None,
        "pages": [],
        "certificates": None,
        "source": None,
        "versions": {},
        "machine": read_resources(project.cache),
        "lessons": read_results(project),
    }
    return {**status, "next_step": next_step(status, lines)}


def read_status(project: Project, lines: CommandLine) -> dict[str, Any]:
    """Return what the playbooks reported last, in the form of :func:`empty_status`.

    Args:
        project: The lab.
        lines: Writes command lines for the lab.
    """
    status = {**empty_status(project, lines), **read_report(project)}
    return {**status, "next_step": next_step(status, lines)}


def read_report(project: Project) -> dict[str, Any]:
    """Return what the playbooks reported last; empty when there is no valid report."""
    try:
        content = json.loads(project.report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
