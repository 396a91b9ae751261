"""Wait for conditions, properties and the end of any objects."""

from __future__ import annotations

import time

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.expectation import (
    Expectation,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext


def wait_for_expectations(context: ApplyContext) -> None:
    """Wait until all expectations of the task hold.

    Raises:
        KubeError: Some do not hold at the deadline. The message has the last state of each.
    """
    wanted = context.declaration.expectations
    if not wanted:
        return
    cluster = context.cluster
    cluster.progress(f"waiting for {len(wanted)} conditions")
    started = time.monotonic()
    answers = cluster.client.parallel(lambda one: _wait(cluster, one), wanted)
    context.result.fields["waited_for"] = [
        {"expected": one.text, "state": str(answer), "met": not isinstance(answer, KubeError)}
        for one, answer in zip(wanted, answers)
    ]
    context.result.fields.setdefault("waited", {})["conditions"] = round(
        time.monotonic() - started, 3
    )
    errors = [answer for answer in answers if isinstance(answer, KubeError)]
    if errors:
        raise KubeError("\n".join(map(str, errors)))


def _wait(cluster: Cluster, wanted: Expectation) -> str:
    """Return the state in which an expectation holds."""
    ref, last = wanted.ref, "it was not seen"

    def is_met(obj: dict | None) -> bool:
        nonlocal last
        done, last = wanted.judge(obj)
        return done

    resource = cluster.discovery.require(ref.api_version, ref.kind)
    try:
        wait_until(
            cluster.client,
            resource.collection(ref.namespace),
            ref.name,
            is_met,
            cluster.deadline,
            f"expected: {wanted.text}",
        )
    except KubeError as error:
        raise KubeError(f"{error}; {last}", **error.result) from error
    return last
