from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.order import (
    stage_numbers,
)
from support.apps import app_spec


def order(*apps: dict) -> tuple[dict, list[str]]:
    """Return the stages by name, and the mistakes."""
    errors = ValidationErrors()
    specs = {f"apps[{index}]": app_spec(**app) for index, app in enumerate(apps)}
    numbers = stage_numbers(specs, errors)
    return {name: number for (_, name), number in numbers.items()}, errors.found


def test_an_application_comes_behind_the_last_that_it_names():
    numbers, mistakes = order(
        {"name": "web", "after": ["migrate", "cache"]},
        {"name": "migrate", "kind": "Job", "after": ["db"]},
        {"name": "db"},
        {"name": "cache"},
    )
    assert mistakes == []
    assert numbers == {"db": 0, "cache": 0, "migrate": 1, "web": 2}


def test_names_are_those_of_the_same_namespace_unless_they_have_one():
    other = {"name": "db", "namespace": "data"}
    assert order({"name": "web", "after": ["data/db"]}, other) == ({"web": 1, "db": 0}, [])
    _, mistakes = order({"name": "web", "after": ["db"]}, other)
    assert mistakes == [
        "apps[0].after: 'db' is not an application of this task in namespace shop; write NAME, or "
        "NAMESPACE/NAME for another namespace"
    ]


def test_applications_cannot_wait_for_each_other():
    _, mistakes = order(
        {"name": "a", "after": ["b"]}, {"name": "b", "after": ["a"]}, {"name": "c", "after": ["x"]}
    )
    assert "'x' is not an application" in mistakes[0]
    assert mistakes[1] in (
        "after: these applications wait for each other: a after b after a",
        "after: these applications wait for each other: b after a after b",
    )
    assert "a after a" in order({"name": "a", "after": ["a"]})[1][0]


@pytest.mark.parametrize(("kind", "mistakes"), [("Job", 1), ("CronJob", 0)])
def test_a_suspended_job_never_completes(kind, mistakes):
    schedule = {"schedule": "@daily"} if kind == "CronJob" else {}
    job = {"name": "migrate", "kind": kind, "suspend": True, **schedule}
    found = order(job, {"name": "web", "after": ["migrate"]})[1]
    assert len(found) == mistakes and all("suspended" in text for text in found)


def test_a_long_chain_is_ordered():
    apps = [{"name": f"a{n}", "after": [f"a{n - 1}"] if n else []} for n in range(1500)]
    assert order(*apps)[0]["a1499"] == 1499
