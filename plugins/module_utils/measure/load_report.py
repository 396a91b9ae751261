"""Compute the figures of a load test from its requests."""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

MAX_FAILURES = 20
FRACTION = re.compile(r"\.(\d+)")


def report(results: Iterable[dict[str, Any]], group_by: str) -> dict[str, Any]:
    """Summarize results that vegeta has encoded.

    Args:
        results: One mapping for each request.
        group_by: Regular expression. Responses are counted by its first group.
    """
    rows = sorted(((moment(one["timestamp"]), one) for one in results), key=lambda row: row[0])
    if not rows:
        return {"requests": 0, "failed": 0, "failures": [], "answers": {}, "latency": {}, "series": [], "began": None,
                "seconds": 0, "rate": 0}  # fmt: skip
    began = rows[0][0]
    failures = [(at, one) for at, one in rows if failed(one)]
    good = sorted(one["latency"] / 1e6 for _, one in rows if not failed(one))
    seconds = rows[-1][0] - began
    return {
        "requests": len(rows),
        "failed": len(failures),
        "failures": [
            {"at": round(at - began, 3), "status": one["code"], "error": one["error"]}
            for at, one in failures[:MAX_FAILURES]
        ],
        "answers": dict(sorted(_answers([one for _, one in rows], group_by).items())),
        "latency": latency(good),
        "series": _by_second(rows, began, group_by),
        "began": began,
        "seconds": round(seconds, 3),
        "rate": round(len(rows) / seconds, 1) if seconds else 0,
    }


def failed(result: dict[str, Any]) -> bool:
    """Return whether a request failed: it has no response, or one with an error status."""
    return bool(result["error"]) or not 200 <= result["code"] < 400


def moment(text: str) -> float:
    """Return the epoch seconds of a time as Go writes it, to nanoseconds."""
    return datetime.fromisoformat(
        FRACTION.sub(lambda m: "." + m[1][:6].ljust(6, "0"), text).replace("Z", "+00:00")
    ).timestamp()


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile of sorted values (nearest rank)."""
    return values[max(0, math.ceil(share * len(values)) - 1)]


def latency(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the quantiles of sorted latencies, in milliseconds."""
    if not milliseconds:
        return {}
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: round(quantile(milliseconds, share), 2) for name, share in shares.items()}


def _answers(results: Iterable[dict[str, Any]], group_by: str) -> Counter:
    counts: Counter = Counter()
    if group_by:
        pattern = re.compile(group_by)
        for one in results:
            body = base64.b64decode(one.get("body") or "").decode("utf-8", "replace")
            if not failed(one) and (match := pattern.search(body)):
                counts[match[1]] += 1
    return counts


def _by_second(
    rows: Sequence[tuple[float, dict[str, Any]]], began: float, group_by: str
) -> list[dict[str, Any]]:
    seconds: dict[int, list[dict[str, Any]]] = {}
    for at, one in rows:
        seconds.setdefault(int(at - began), []).append(one)
    series = []
    for second, results in sorted(seconds.items()):
        good = sorted(one["latency"] / 1e6 for one in results if not failed(one))
        entry = {"second": second, "requests": len(results), "failed": len(results) - len(good)}
        answers = dict(_answers(results, group_by))
        series.append(
            {
                **entry,
                "answers": answers,
                **{name: latency(good).get(name) for name in ("p50", "p95", "max")},
            }
        )
    return series
