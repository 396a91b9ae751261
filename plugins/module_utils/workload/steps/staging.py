"""Apply the objects of a task stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    first_of,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.stages import in_stages
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.preparation import (
    Preparation,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.restart import (
    restart_unchanged,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.wait import (
    GOALS,
    wait_for_rollouts,
)


def apply_in_stages(context: ApplyContext, preparation: Preparation) -> None:
    """Apply each stage when all objects of the earlier stages have reached the goal of the task.

    A task that does not wait still waits for all stages but the last, until they are rolled out. A prediction has one
    stage, because nothing is there to wait for.

    Raises:
        ApplyError: The API server refused an object.
        WaitError: An object failed, or did not reach the goal in time.
        KubeError: The API server refused another request.
    """
    stages = in_stages(preparation.objects, context.declaration.stages)
    if context.cluster.check or not stages:
        stages = [preparation.objects]
    goal = context.params["wait"]
    live = preparation.live
    for number, objects in enumerate(stages, 1):
        later = [ref_of(obj) for stage in stages[number:] for obj in stage]
        with _unapplied_named(context, later):
            if len(stages) > 1:
                context.cluster.progress(f"stage {number} of {len(stages)}")
            if number > 1 and context.result.is_changed:
                live = _read_again(context, objects)
            awaited = "rolled_out" if later and goal not in GOALS else goal
            _apply_stage(context, preparation, objects, live, awaited)


def _apply_stage(
    context: ApplyContext,
    preparation: Preparation,
    objects: list[dict],
    live: dict[ObjectRef, dict],
    goal: str,
) -> None:
    result = context.result
    # the first stage also has the namespaces that were created for the record of the members
    start = len(result.changes) if result.stages else 0
    result.stages.append([str(ref_of(obj)) for obj in objects])
    result.collect(lambda: context.applier.apply(objects, live))
    preparation.undeclared.delete_opposing(objects)
    changes = result.changes[start:]
    if context.params["state"] == "restarted":
        restart_unchanged(context, changes)
    if not context.cluster.check:
        wait_for_rollouts(context, changes, goal)


def _read_again(context: ApplyContext, objects: list[dict]) -> dict[ObjectRef, dict]:
    """Return the live objects of a stage: an earlier stage, a Job for example, may have changed them."""
    cluster = context.cluster
    live = read_live(cluster.client, cluster.discovery, [ref_of(obj) for obj in objects])
    context.result.hide_secrets_in(list(live.values()))
    return live


@contextmanager
def _unapplied_named(context: ApplyContext, later: list[ObjectRef]) -> Iterator[None]:
    """Name the objects of later stages in an error of a stage."""
    try:
        yield
    except KubeError as error:
        if later:
            context.result.fields["not_applied"] = [str(ref) for ref in later]
            error.message += f"\nnot applied, because they come later: {first_of(later)}"
        raise
