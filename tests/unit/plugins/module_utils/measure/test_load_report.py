"""Tests of the report of a load: every request counts."""

import base64

from ansible_collections.slipway.lab.plugins.module_utils.measure.load_report import (
    moment,
    quantile,
    report,
)


def result(second, latency_ms=1.0, code=200, error="", body=""):
    return {
        "timestamp": f"2026-11-25T00:00:{second:012.9f}Z",
        "latency": int(latency_ms * 1e6),
        "code": code,
        "error": error,
        "body": base64.b64encode(body.encode()).decode(),
    }


def test_times_of_go_have_any_number_of_digits():
    assert moment("2026-11-25T00:00:00.5Z") - moment("2026-11-25T00:00:00Z") == 0.5
    assert moment("2026-11-25T00:00:00.123456789+09:00") < moment("2026-11-25T00:00:00Z")


def test_quantiles_are_values_that_occurred():
    assert quantile([1, 2, 3, 4], 0.5) == 2
    assert quantile([1, 2, 3, 4], 0.95) == 4
    assert quantile([7], 0.01) == 7


def test_failures_are_counted_and_told_with_their_time():
    told = report(
        [result(2, code=503, error="503"), result(0), result(1, code=0, error="refused")], ""
    )
    assert told["requests"] == 3 and told["failed"] == 2
    assert told["failures"] == [
        {"at": 1.0, "status": 0, "error": "refused"},
        {"at": 2.0, "status": 503, "error": "503"},
    ]
    assert [one["failed"] for one in told["series"]] == [0, 1, 1]
    assert told["latency"]["max"] == 1.0
    assert told["rate"] == 1.5


def test_answers_are_counted_by_what_they_say():
    rows = [
        result(0, body="from a"),
        result(0, body="from b"),
        result(1, body="from a"),
        result(1, code=500, body="from a"),
    ]
    told = report(rows, r"from (\w)")
    assert told["answers"] == {"a": 2, "b": 1}
    assert [one["answers"] for one in told["series"]] == [{"a": 1, "b": 1}, {"a": 1}]


def test_nothing_asked_is_nothing_told():
    assert report([], "")["requests"] == 0
