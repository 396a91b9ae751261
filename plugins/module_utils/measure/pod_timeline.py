"""Compute the figures of a watch of pods: replicas and addresses over time, the life of each pod, nodes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any


class Timeline:
    """The figures of a watch, computed row by row.

    Attributes:
        ready: Number of ready pods over time, as ``[seconds, number]``.
        serving: Number of pods in EndpointSlices over time, as ``[seconds, number]``.
        nodes: Whether each node is ready over time, as ``[seconds, 0 or 1]``.
    """

    def __init__(self) -> None:
        self.pods: dict[str, dict[str, Any]] = {}
        self.ready: list[list[float]] = []
        self.serving: list[list[float]] = []
        self.nodes: dict[str, list[list[float]]] = {}
        self._alive: dict[str, bool] = {}
        self._slices: dict[str, set[str]] = {}
        self._listing = False

    def add(self, row: dict[str, Any], at: float) -> None:
        """Add a row of the recorder.

        Args:
            row: An event, or the state of a node, an EndpointSlice or a pod.
            at: Seconds since the start of the timeline.
        """
        if "event" in row:
            if row["event"] == "Pulled" and not row["listed"] and row["about"]:
                _pulled(self._pod(row["about"]), at)
        elif "of_node" in row:
            _step(self.nodes.setdefault(row["of_node"], []), at, int(row["ready"]))
        elif "slice" in row:
            _serve(self.pods, self._slices, row, at)
            _step(self.serving, at, len(set().union(*self._slices.values())))
        else:
            self._add_pod(row, at)

    def _add_pod(self, row: dict[str, Any], at: float) -> None:
        _take(self._pod(row["pod"]), row, at)
        self._alive[row["pod"]] = row["ready"] and not row["deleting"] and not row["gone"]
        number = sum(self._alive.values())
        if row["listed"] and self._listing:
            self.ready[-1] = [at, number]  # a list is one reading, not one pod after the other
        else:
            _step(self.ready, at, number)
        self._listing = row["listed"]

    def _pod(self, name: str) -> dict[str, Any]:
        return self.pods.setdefault(name, new(name))


def report(entries: Iterable[dict[str, Any]], origin: float | None = None) -> dict[str, Any]:
    """Return the figures of a watch; times are seconds since ``began``.

    Args:
        entries: The rows of the recorder.
        origin: The start of the timeline, in seconds since the epoch; by default the first row.
    """
    rows = sorted(entries, key=lambda row: row["at"])
    began = origin if origin is not None else (rows[0]["at"] if rows else 0.0)
    timeline = Timeline()
    for row in rows:
        timeline.add(row, round(row["at"] - began, 3))
    return {
        "began": began,
        "pods": [pod for pod in timeline.pods.values() if pod["seen"]],
        "ready": timeline.ready,
        "serving": timeline.serving,
        "nodes": timeline.nodes,
        "least": min((number for _, number in timeline.ready), default=0),
        "seconds": round(rows[-1]["at"] - began, 3) if rows else 0,
    }


def new(name: str) -> dict[str, Any]:
    """Return a pod of which nothing is known yet."""
    moments = dict.fromkeys(
        ("created", "bound", "pulled", "started", "ready", "served", "ended", "unserved", "gone")
    )
    return {
        "name": name,
        "node": "",
        "old": False,
        "restarts": 0,
        "restarted": [],
        "seen": False,
        **moments,
    }


def _take(pod: dict[str, Any], row: dict[str, Any], at: float) -> None:
    if not pod["seen"]:
        pod["old"] = row["listed"]
    moments = [("ended", row["deleting"] or row["gone"]), ("gone", row["gone"])]
    if not pod["old"]:  # the creation of an older pod was not observed
        moments += [("created", True), ("bound", row["node"])]
        moments += [("started", row["started"]), ("ready", row["ready"])]
    for key, happened in moments:
        if happened:
            _first(pod, key, at)
    if pod["seen"] and row["restarts"] > pod["restarts"]:
        pod["restarted"].append(at)
    pod.update(node=row["node"] or pod["node"], restarts=row["restarts"], seen=True)


def _pulled(pod: dict[str, Any], at: float) -> None:
    if not pod["old"]:
        _first(pod, "pulled", at)


def _serve(
    pods: dict[str, dict[str, Any]], slices: dict[str, set[str]], row: dict[str, Any], at: float
) -> None:
    before, now = slices.get(row["slice"], set()), set() if row["gone"] else set(row["pods"])
    slices[row["slice"]] = now
    if row["listed"]:
        return
    for names, key in ((now - before, "served"), (before - now, "unserved")):
        for name in names:
            _first(pods.setdefault(name, new(name)), key, at)


def _step(steps: list[list[float]], at: float, value: float) -> None:
    if not steps or steps[-1][1] != value:
        steps.append([at, value])


def _first(pod: dict[str, Any], key: str, at: float) -> None:
    if pod[key] is None:
        pod[key] = at


def recoveries(
    ready: Sequence[Sequence[float]], wanted: int, moments: Iterable[float]
) -> list[float | None]:
    """Return the seconds from each disturbance until enough pods were ready again; ``None`` when they never were.

    The recorder observes a disturbance later than it happens. When a new pod is ready before the recorder observes
    the loss of the old one, the number never drops, and the recovery took no time.

    Args:
        ready: Steps of the number of ready pods, as from :func:`report`.
        wanted: Number of pods that have to be ready.
        moments: Times of the disturbances in order, in seconds on the clock of `ready`.
    """
    moments = list(moments)
    found: list[float | None] = []
    for moment, following in zip(moments, [*moments[1:], float("inf")]):
        sunk = next((at for at, n in ready if moment <= at < following and n < wanted), None)
        below = sunk is not None or _number(ready, moment) < wanted
        if not below:
            found.append(0.0)
            continue
        start = sunk if sunk is not None else moment
        back = next((at for at, n in ready if at >= start and n >= wanted), None)
        found.append(None if back is None else round(back - moment, 3))
    return found


def quantiles(times: Sequence[float | None]) -> dict[str, float | None]:
    """Return median and 95th percentile (nearest rank) of recoveries; never counts as longer than all."""
    ordered = sorted(times, key=lambda time: float("inf") if time is None else time)
    found: dict[str, float | None] = {}
    for name, share in (("recovery_p50", 0.5), ("recovery_p95", 0.95)):
        found[name] = ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
    return found


def _number(ready: Sequence[Sequence[float]], at: float) -> float:
    number = 0.0
    for moment, value in ready:
        if moment > at:
            break
        number = value
    return number
