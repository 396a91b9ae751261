"""Tests of the action plugin ``lesson_measurement``."""

import pytest

from ansible_collections.slipway.lab.plugins.action import lesson_measurement


def test_a_measurement_is_recorded(run, evidence):
    data = {"pods": [[0, 1], [2, 3]]}
    run(lesson_measurement, name="times", kind="line", data=data, unit="ms", marks=[[1, "killed"]])
    (recorded,) = evidence()["evidence"]
    assert (recorded["name"], recorded["kind"], recorded["data"]) == ("times", "line", data)
    assert (recorded["unit"], recorded["marks"]) == ("ms", [[1, "killed"]])


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("pie", {}, "kind is one of line, steps, bars, distribution, text"),
        ("line", "a text", "data of kind line is a dict"),
        ("text", {}, "data of kind text is a str"),
    ],
)
def test_a_wrong_shape_is_rejected(run, evidence, kind, data, message):
    result = run(lesson_measurement, name="times", kind=kind, data=data)
    assert result["failed"] and message in result["msg"]
    assert evidence()["evidence"] == []
