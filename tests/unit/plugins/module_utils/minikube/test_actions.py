"""Tests of ``minikube.actions``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import (
    Action,
    Change,
    Refusal,
    list_changes,
)


def test_an_action_is_recognized_by_kind_and_subject():
    assert Action("start-node", "Start", "m02").key == Action("start-node", "Other", "m02", 1).key
    assert Action("start-node", "Start", "m02").key != Action("start-node", "Start", "m03").key


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (4096, 8192, "x: 4096 -> 8192"),
        (None, "", "x: none -> none"),
        ({"b": 1, "a": 2}, {}, "x: a=2, b=1 -> none"),
        (["80:81/tcp"], [], "x: [80:81/tcp] -> []"),
    ],
)
def test_values_of_a_change_are_readable(before, after, text):
    assert str(Change("x", before, after)) == text


def test_a_refusal_returns_its_changes():
    changes = [Change("cpus", 2, 4), Change("memory", 1, 2)]
    refused = Refusal(list_changes(changes), changes)
    assert str(refused) == "cpus: 2 -> 4; memory: 1 -> 2"
    assert refused.result["changes_refused"][0] == {"option": "cpus", "before": 2, "after": 4}
