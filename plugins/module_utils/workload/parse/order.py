"""Parse the order of the applications of a task."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec

Place = tuple[str, str]


def stage_numbers(specs: dict[str, AppSpec], errors: ValidationErrors) -> dict[Place, int]:
    """Return the stage of each application, by namespace and name.

    An application without ``after`` is in stage 0. Any other is in the stage behind the last of those that it names.

    Args:
        specs: The applications, by their places in the task.
        errors: Collects the mistakes.
    """
    known = {(spec.namespace, spec.name): spec for spec in specs.values()}
    earlier: dict[Place, list[Place]] = {}
    for path, spec in specs.items():
        named = [_place(name, spec.namespace) for name in spec.after]
        for name, place in zip(spec.after, named):
            if place not in known:
                errors.add(
                    f"{path}.after",
                    f"{name!r} is not an application of this task in namespace {place[0]}; write NAME, "
                    "or NAMESPACE/NAME for another namespace",
                )
            elif known[place].suspend and known[place].kind == "Job":
                errors.add(f"{path}.after", f"the Job {name} is suspended, so it never completes")
        earlier[(spec.namespace, spec.name)] = [place for place in named if place in known]
    return _numbers(earlier, errors)


def _place(name: str, namespace: str) -> Place:
    given, _, own = name.rpartition("/")
    return given or namespace, own


def _numbers(earlier: dict[Place, list[Place]], errors: ValidationErrors) -> dict[Place, int]:
    numbers: dict[Place, int] = {}
    try:
        for place in TopologicalSorter(earlier).static_order():
            numbers[place] = 1 + max((numbers[other] for other in earlier[place]), default=-1)
    except CycleError as error:
        names = " after ".join(name for _, name in reversed(error.args[1]))
        errors.add("after", f"these applications wait for each other: {names}")
    return numbers
