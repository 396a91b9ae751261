"""Tests of ``common.selectors``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.selectors import selector_text


def test_selector_as_query_parameter():
    selector = {
        "matchLabels": {"app": "web"},
        "matchExpressions": [
            {"key": "a", "operator": "In", "values": ["x", "y"]},
            {"key": "b", "operator": "NotIn", "values": ["z"]},
            {"key": "c", "operator": "Exists"},
            {"key": "d", "operator": "DoesNotExist"},
        ],
    }
    assert selector_text(selector) == "app=web,a in (x,y),b notin (z),c,!d"
