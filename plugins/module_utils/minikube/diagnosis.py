"""Look into the nodes of a profile that failed: failed units and the last errors of the kubelet."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine, EngineError

KUBELET_LOG_LINES = "400"
ERRORS_SHOWN = 8
ERRORS_IN_SENTENCE = 3
ERROR_LENGTH = 300
# klog: severity, month and day, time, thread, file and line, then the message.
KLOG_ERROR = re.compile(r"\b[EF]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ \S+\] (.*)")


def diagnose(engine: Engine | None, profile: str) -> dict[str, dict]:
    """Return what is wrong by node: container state, failed units, last errors of kubelet and container."""
    if engine is None:
        return {}
    try:
        containers = engine.containers(profile)
    except (EngineError, OSError, ValueError):
        return {}
    return {name: _diagnose_node(engine, name, found) for name, found in sorted(containers.items())}


def _diagnose_node(engine: Engine, name: str, container: dict) -> dict:
    state = container.get("State") or {}
    found = {"container": state.get("Status", "unknown")}
    if state.get("Status") != "running":
        found["exit_code"] = state.get("ExitCode")
        if state.get("Error"):
            found["error"] = state["Error"]
        return found
    units = engine.execute(name, "systemctl", "--failed", "--plain", "--no-legend", "--no-pager")
    found["failed_units"] = [line.split()[0] for line in units.splitlines() if line.strip()]
    log = engine.execute(
        name, "journalctl", "-u", "kubelet", "-n", KUBELET_LOG_LINES, "--no-pager", "-o", "cat"
    )
    errors = [match[1] for match in map(KLOG_ERROR.search, log.splitlines()) if match]
    # The kubelet repeats itself: the last of equal lines says it all.
    found["kubelet_errors"] = list(dict.fromkeys(reversed(errors)))[:ERRORS_SHOWN][::-1]
    return found


def sentence(nodes: dict[str, dict]) -> str:
    """Return the findings as one text for a failure message, empty when there is nothing to tell."""
    parts = []
    for name, found in nodes.items():
        if found["container"] != "running":
            parts.append(
                f"{name}: the container is {found['container']} (exit code {found.get('exit_code')})"
            )
        if found.get("failed_units"):
            parts.append(f"{name}: failed units: {', '.join(found['failed_units'])}")
        if found.get("kubelet_errors"):
            last = [error[:ERROR_LENGTH] for error in found["kubelet_errors"][-ERRORS_IN_SENTENCE:]]
            parts.append(f"{name}: last kubelet errors: {' | '.join(last)}")
    return "; ".join(parts)
