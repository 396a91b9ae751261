"""Wait for conditions, properties and the end of any objects."""

from __future__ import annotations

import time

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError, UnseenError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.expectation import (
    Expectation,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.task import (
    EXPECTATION_OPTIONS,
    parse_expectations,
)

# options of an expectation about objects that the task names elsewhere
WAIT_FOR = {name: EXPECTATION_OPTIONS[name] for name in ("condition", "status", "path", "value")}


def wait_for_expectations(context: ApplyContext) -> None:
    """Wait until all expectations of the task hold.

    Raises:
        KubeError: Some do not hold at the deadline. The message has the last state of each.
    """
    wanted = context.declaration.expectations
    if not wanted:
        return
    started = time.monotonic()
    try:
        expect(context.cluster, wanted, context.result.fields)
    finally:
        context.result.fields.setdefault("waited", {})["conditions"] = round(
            time.monotonic() - started, 3
        )


def expectations_of_each(wanted: list[dict], objects: list[dict]) -> list[Expectation]:
    """Return the expectations of a task that names no objects in them, for each of its objects.

    Raises:
        KubeError: An entry has a mistake.
    """
    errors = ValidationErrors()
    refs = [ref_of(obj) for obj in objects]
    entries = [{**entry, **ref._asdict()} for ref in refs for entry in wanted]
    found = parse_expectations(entries, "", [], errors)
    errors.stop()
    return found


def expect(cluster: Cluster, wanted: list[Expectation], fields: dict) -> None:
    """Wait until expectations hold.

    Args:
        cluster: The connection.
        wanted: The expectations.
        fields: The result of the module, which receives ``waited_for``.

    Raises:
        UnseenError: Whether they hold could not be seen.
        KubeError: Some do not hold at the deadline. The message has the last state of each, and the result of the error
            has the fields.
    """
    cluster.progress(f"waiting for {len(wanted)} conditions")
    answers = cluster.client.parallel(lambda one: _wait(cluster, one), wanted)
    fields["waited_for"] = [
        {"expected": one.text, "state": str(answer), "met": not isinstance(answer, KubeError)}
        for one, answer in zip(wanted, answers)
    ]
    errors = [answer for answer in answers if isinstance(answer, KubeError)]
    if errors:
        is_unseen = all(isinstance(error, UnseenError) for error in errors)
        family = UnseenError if is_unseen else KubeError
        raise family("\n".join(map(str, errors)), **fields)


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
        error.message += f"; {last}"
        raise
    return last
