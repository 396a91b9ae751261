"""The work of the module conformance_tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.conformance.report import Report
from ansible_collections.slipway.lab.plugins.module_utils.conformance.suite import (
    JUNIT,
    LOG,
    Settings,
    Suite,
)

FAILURES = "failures"


class TestsFailedError(SlipwayError):
    """Tests ran and failed."""


def settings(params: dict[str, Any]) -> Settings:
    """Return the options of the module as settings."""
    paths = {
        name: Path(params[name]) for name in ("programs", "kubeconfig", "kubectl", "directory")
    }
    plain = {name: params[name] for name in ("focus", "skip", "registry", "processes", "timeout")}
    return Settings(**paths, **plain, names=tuple(params["names"]))


def junit_path(params: dict[str, Any]) -> Path:
    """Return where the module leaves the JUnit file."""
    return Path(params["junit"] or Path(params["directory"]) / "junit.xml")


def run_tests(
    suite: Suite, check: bool, junit: Path, report: Callable[[str, int, int], None]
) -> dict[str, Any]:
    """Run the selected tests; return the result of the module.

    Args:
        suite: The tests.
        check: Only list the tests.
        junit: Where the JUnit file is copied to.
        report: Gets a text, the number of ended tests and the total.

    Raises:
        TestsFailedError: Tests failed.
    """
    planned = suite.plan()
    if check:
        return {"changed": False, "tests": len(planned), "names": planned}
    found = suite.run(len(planned), report).completed(planned)
    directory = suite.settings.directory
    junit.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(directory / JUNIT, junit)
    result = {
        "changed": False,
        **found.counts(),
        "names": [case.name for case in found.cases],
        "skips": [{"name": one.name, "reason": one.reason} for one in found.of_state("skipped")],
        "failures": write_evidence(found, directory / FAILURES),
        "junit": str(junit),
        "log": str(directory / LOG),
    }
    if result["failures"]:
        raise TestsFailedError(failure_text(result), **result)
    return result


def write_evidence(found: Report, directory: Path) -> list[dict[str, str]]:
    """Write what is known about each failed test to a file of its own; return the failures."""
    shutil.rmtree(directory, ignore_errors=True)
    failures = []
    for number, case in enumerate(found.of_state("failed"), 1):
        directory.mkdir(exist_ok=True, mode=0o700)
        path = directory / f"{number}.txt"
        path.write_text(f"{case.name}\n\n{case.evidence}\n", encoding="utf-8")
        failures.append({"name": case.name, "reason": case.reason, "evidence": str(path)})
    return failures


def failure_text(result: dict[str, Any]) -> str:
    """Return the message of a run with failed tests."""
    lines = [f"{result['failed']} of {result['tests']} tests failed:"]
    for one in result["failures"]:
        lines += [f"- {one['name']}", f"  {one['reason']}", f"  evidence: {one['evidence']}"]
    return "\n".join([*lines, f"JUnit: {result['junit']}", f"log: {result['log']}"])
