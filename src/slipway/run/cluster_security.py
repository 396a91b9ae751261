"""Points of security of a lab's clusters, which playbooks/security.yml reads from their nodes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from slipway.doctor.findings import ERROR, Finding, error, ok, warning
from slipway.lab.project import Project
from slipway.run.reading import run_quietly

CHECK = "kubernetes"


def cluster_security(
    project: Project, extra_vars: Sequence[str], as_json: bool = False
) -> list[Finding]:
    """Return a finding for each point of the CIS Kubernetes Benchmark and each cluster.

    Args:
        project: The lab.
        extra_vars: Values of ``-e``.
        as_json: Show no progress.
    """
    if not project.is_up:
        return [ok("not applicable: no lab is up").named(CHECK)]
    result = project.state / "security.json"
    result.unlink(missing_ok=True)
    trouble = run_quietly(project, "security", extra_vars, False, as_json)
    if trouble or not result.exists():
        trouble = trouble or "playbooks/security.yml wrote no result"
        return [error(f"could not be checked: {trouble}", "./slipway status").named(CHECK)]
    clusters: dict[str, list[dict[str, str]]] = json.loads(result.read_text(encoding="utf-8"))
    found = [
        _finding(point, f"{host}: " if len(clusters) > 1 else "")
        for host, points in clusters.items()
        for point in points
    ]
    return found or [ok("not applicable: the lab has no cluster").named(CHECK)]


def _finding(point: dict[str, Any], place: str) -> Finding:
    message = place + point["message"]
    if point["state"] == "pass":
        found = ok(message)
    elif point["state"] == "not applicable":
        found = ok(f"not applicable: {message}")
    elif point["state"] == "unknown" or point["level"] == ERROR:
        found = error(message, point["remedy"])
    else:
        found = warning(message, point["remedy"])
    return found.named(f"{CHECK} {point['number']}")
