"""Explain one bad image among 20 applications."""

from __future__ import annotations

from measure import Bench
from rows import Row

from .declarations import NAMESPACE, app, manifests_of

# no server listens there: the pull fails immediately, and no packet leaves the node
BAD_IMAGE = "127.0.0.1:1/no-such:1"
EVENTS = f"/api/v1/namespaces/{NAMESPACE}/events"
APPS = 20
BAD = "app7"
EXPLANATION = (BAD, "ErrImagePull", "check the image's name")


def compare_failure(bench: Bench, quick: bool) -> None:
    """Compare the time from the event of a failed pull to the explanation on the screen.

    Args:
        bench: Runs the plays, and receives the rows.
        quick: Whether the other module waits only 10 seconds.
    """
    wait_timeout = 10 if quick else 60
    bad = app(BAD, 1, BAD_IMAGE)
    names = [f"app{number}" for number in range(APPS)]
    own = {
        "namespace": NAMESPACE,
        "wait_timeout": 120,
        "apps": [bad if name == BAD else app(name, 1) for name in names],
        "fail_after": {"pull": 0},
    }
    other = {
        "namespace": NAMESPACE,
        "definition": manifests_of(bad)[-1],
        "apply": True,
        "wait": True,
        "wait_timeout": wait_timeout,
    }
    seconds, output = _seconds_after_event(bench, {"workload": own})
    if not all(text in output for text in EXPLANATION):
        raise SystemExit(f"the failure was not explained:\n{output[:4000]}")
    peer, _ = _seconds_after_event(bench, {"kubernetes.core.k8s": other})
    work = f"bad image among {APPS} apps: after its event"
    bench.rows += [
        Row(work, "arrival at a watch of the benchmark", None, seconds, at_most=1),
        Row(work, f"kubernetes.core.k8s, wait_timeout {wait_timeout}", peer, seconds),
    ]


def _seconds_after_event(bench: Bench, task: dict) -> tuple[float, str]:
    """Return the seconds from the event to its explanation, and the output of the play."""
    bench.fresh(NAMESPACE)
    with bench.watch(EVENTS) as watch:
        _, output = bench.play(task, fails=True)
        shown = bench.shown(BAD)
        arrived = watch.first(
            lambda obj: (
                obj["reason"] == "Failed" and obj["involvedObject"]["name"].startswith(f"{BAD}-")
            )
        )
    return shown - arrived, output
