"""Tests of ``kube.status.expectation``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.expectation import (
    Expectation,
    value_at,
)

REF = ObjectRef("example.com/v1", "Thing", "lab", "x")
READY = {"type": "Ready", "status": "True"}


def thing(*conditions, generation=1, **status):
    return {
        "metadata": {"generation": generation},
        "status": {"conditions": list(conditions), **status},
    }


@pytest.mark.parametrize(
    ("obj", "done", "text"),
    [
        (None, False, "does not exist"),
        (thing(), False, "no condition Ready"),
        (thing(READY), True, "Ready is True"),
        (
            thing({**READY, "status": "False", "reason": "Slow", "message": "later"}),
            False,
            "Slow later",
        ),
        (thing({**READY, "observedGeneration": 1}, generation=2), False, "earlier declaration"),
    ],
)
def test_a_condition(obj, done, text):
    found = Expectation(REF, condition="Ready").judge(obj)
    assert found.done is done
    assert text in found.text


def test_a_property():
    obj = thing(ingress=[{"ip": "10.0.0.1"}], active=True, empty=[])
    assert Expectation(REF, path=".status.ingress[0].ip").judge(obj).done
    assert Expectation(REF, path=".status.active", value="true").judge(obj).done
    assert not Expectation(REF, path=".status.empty").judge(obj).done
    missing = Expectation(REF, path=".status.none.deeper", value="1").judge(obj)
    assert (missing.done, missing.text) == (False, ".status.none.deeper is empty")


def test_the_end_of_an_object():
    assert Expectation(REF, deleted=True).judge(None).done
    assert not Expectation(REF, deleted=True).judge(thing()).done


def test_names_with_dots_are_quoted():
    assert value_at({"a": {"b.c/d": [1, 2]}}, '.a["b.c/d"][1]') == 2
    assert value_at({"a": [1]}, ".a[5]") is None


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"condition": "Ready"}, "Thing lab/x has the condition Ready=True"),
        ({"path": ".a", "value": "1"}, "Thing lab/x has the value 1 at .a"),
        ({"path": ".a"}, "Thing lab/x has a value at .a"),
        ({"deleted": True}, "Thing lab/x does not exist"),
    ],
)
def test_it_is_described(options, text):
    assert Expectation(REF, **options).text == text
