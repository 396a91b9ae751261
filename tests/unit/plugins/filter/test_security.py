"""Tests of the filters in ``plugins/filter/security.py``."""

from ansible_collections.slipway.lab.plugins.filter.security import FilterModule
from support.node_look import node_look


def test_the_filters_judge_a_cluster():
    filters = FilterModule().filters()
    look = {"item": "minikube", "rc": 0, "stdout": node_look(), "stderr": ""}
    assert {point["state"] for point in filters["cis_points"]([look])} == {"pass"}
    assert filters["unread_point"]("no answer")["state"] == "unknown"
