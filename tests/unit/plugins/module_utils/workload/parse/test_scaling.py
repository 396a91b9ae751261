from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.scaling import (
    parse_autoscale,
    parse_budget,
    parse_strategy,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import (
    AutoscaleSpec,
    StrategySpec,
)


@pytest.fixture
def errors():
    return ValidationErrors()


def test_bounds_of_an_autoscaler(errors):
    assert parse_autoscale(None, errors, "autoscale") is None
    given = {"min": 1, "max": 4, "cpu": 50}
    assert parse_autoscale(given, errors, "autoscale") == AutoscaleSpec(1, 4, 50)
    assert errors.found == []
    parse_autoscale({"min": 3, "max": 1, "cpu": 0}, errors, "autoscale")
    assert errors.found == [
        "autoscale: max 1 is less than min 3",
        "autoscale.cpu: 0 is too small, at least 1",
    ]


def test_a_disruption_budget_takes_numbers_and_percentages(errors):
    assert parse_budget(None, errors, "budget") is None
    given = {"min_available": "2", "max_unavailable": None}
    assert parse_budget(given, errors, "budget") == {"min_available": 2, "max_unavailable": None}
    assert parse_budget({"max_unavailable": "25%"}, errors, "budget")["max_unavailable"] == "25%"
    assert errors.found == []


def test_a_strategy_is_a_rolling_update_by_default(errors):
    assert parse_strategy({"max_surge": "1"}, "Deployment", errors, "s") == StrategySpec(
        "RollingUpdate", 1
    )
    assert parse_strategy({"type": "OnDelete"}, "Job", errors, "s") is None
    assert errors.found == []


@pytest.mark.parametrize(
    ("kind", "given", "mistake"),
    [
        ("Deployment", {"type": "OnDelete"}, "a Deployment supports RollingUpdate and Recreate"),
        ("Deployment", {"type": "Recreate", "max_surge": 1}, "Recreate takes no max_surge"),
        ("Deployment", {"partition": 1}, "is for a StatefulSet"),
        ("StatefulSet", {"max_surge": 1}, "a StatefulSet has none"),
        ("Deployment", {"max_surge": 0, "max_unavailable": "0%"}, "cannot both be 0"),
    ],
)
def test_mistakes_in_a_strategy(errors, kind, given, mistake):
    parse_strategy(given, kind, errors, "s")
    assert len(errors.found) == 1 and mistake in errors.found[0]
