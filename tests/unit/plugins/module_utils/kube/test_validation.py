"""Tests of ``kube.validation``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError


def problems_of(check, *arguments):
    problems = validation.ValidationErrors()
    check(problems, "x", *arguments)
    return problems.found


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (validation.label_name, ["web", "a" * 63, "0-a"], ["Web", "a" * 64, "-a", "", None, 5]),
        (validation.service_name, ["web", "a1"], ["1a", "Web"]),
        (validation.subdomain, ["a.b-c.d"], ["a..b", "A.b", "a_b"]),
        (validation.quantity, ["250m", "1.5", "128Mi", 2], ["lots", "1 Gi"]),
        (validation.port, [1, 65535, "8080"], [0, 65536, "http", True]),
        (
            validation.image,
            ["web", "reg.io:5000/a/b:1", "a@sha256:" + "a" * 64],
            ["Web:1", "a b", ""],
        ),
        (validation.cron, ["*/5 * * * *", "@daily"], ["* * *", "@sometimes"]),
    ],
)
def test_values_are_accepted_as_kubernetes_does(check, good, bad):
    for value in good:
        assert problems_of(check, value) == [], value
    for value in bad:
        assert len(problems_of(check, value)) == 1, value


def test_labels_are_checked_by_key_and_value():
    assert problems_of(validation.labels, {"example.com/a": "b", "c": ""}) == []
    assert len(problems_of(validation.labels, {"a b": "c"})) == 1
    assert len(problems_of(validation.labels, {"a": "b c"})) == 1


@pytest.mark.parametrize(
    ("value", "count"), [(1, 0), ("25%", 0), ("many", 1), (-1, 1), ("1000%", 1)]
)
def test_counts_and_percentages(value, count):
    assert len(problems_of(validation.count_or_percent, value)) == count


def test_all_problems_are_reported_together():
    problems = validation.ValidationErrors()
    problems.stop()
    for number in range(25):
        problems.add(f"apps[{number}]", "wrong")
    with pytest.raises(KubeError, match="nothing was applied") as caught:
        problems.stop()
    assert len(caught.value.result["problems"]) == 25
    assert "... and 5 more" in str(caught.value)
