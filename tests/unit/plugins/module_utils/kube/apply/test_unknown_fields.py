"""Tests of ``kube.apply.unknown_fields``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.unknown_fields import (
    unknown_field,
    without_field,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError

POD = {"spec": {"containers": [{"name": "a", "x": 1}, {"name": "web", "x": 1, "y": 2}], "z": 3}}


def error(message):
    return ApiError(500, {"message": message}, "PATCH", "/x")


def test_the_field_is_in_the_message():
    text = "failed to create typed patch object (a/b; apps/v1, Kind=X): .spec.z: field not declared in schema"
    assert unknown_field(error(text)) == ".spec.z"
    assert unknown_field(error("something else")) == ""


@pytest.mark.parametrize(
    ("path", "left"),
    [
        (".spec.z", {"spec": {"containers": POD["spec"]["containers"]}}),
        (
            '.spec.containers[name="web"].x',
            {"spec": {"containers": [{"name": "a", "x": 1}, {"name": "web", "y": 2}], "z": 3}},
        ),
        (
            ".spec.containers[0].x",
            {"spec": {"containers": [{"name": "a"}, {"name": "web", "x": 1, "y": 2}], "z": 3}},
        ),
    ],
)
def test_only_the_field_is_left_out(path, left):
    assert without_field(POD, path) == left


@pytest.mark.parametrize("path", [".spec.none", ".spec.containers[9].x", '.spec.z[name="a"].b', ""])
def test_a_field_that_is_not_there_is_reported(path):
    assert without_field(POD, path) is None
