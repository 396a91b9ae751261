"""Tests of ``slipway.run.next_step``."""

import pytest

from slipway.launcher import CommandLine
from slipway.run.next_step import next_step

CALM = {"namespaces": [{"namespace": "default", "troubled": []}], "ready": True}
TROUBLED = [{"namespace": "shop", "troubled": [{"name": "api-1", "reason": "Error"}]}]


def lessons(passed=(), failed=(), not_run=()):
    return {"passed": list(passed), "failed": list(failed), "not_run": list(not_run)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"namespaces": TROUBLED}, "kubectl --lab two describe pod api-1 --namespace shop"),
        ({"ready": False}, "up --lab two"),
        ({"ready": False, "state": "stopped"}, "start --lab two"),
        ({"stopped": ["slipway-two-files"]}, "start --lab two"),
        ({"lessons": lessons(failed=["state"], not_run=["cluster"])}, "lesson state --lab two"),
        ({"lessons": lessons(not_run=["cluster"])}, "lesson cluster --lab two"),
        ({"lessons": lessons(passed=["cluster"])}, "report --lab two"),
    ],
)
def test_the_most_urgent_step_is_next(changes, expected):
    status = {**CALM, "lessons": lessons(), **changes}
    assert next_step(status, CommandLine(" --lab two", "./slipway")) == f"./slipway {expected}"
