"""Stages: groups of objects that a task applies one after another.

A task applies the objects of a stage only when all objects of the earlier stages have reached the goal of the task. The
number of a stage is a whole number, also a negative one, and the smallest comes first. An object is in stage 0 unless

- its manifest has the annotation ``slipway/stage``,
- it belongs to an application with ``after`` (``parse.order`` computes the number), or
- it is a namespace or a definition without the annotation, which comes first.
"""

from __future__ import annotations

import re
from collections import defaultdict

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ApplyWave, apply_wave
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    kind_of,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

STAGE = "slipway/stage"
NUMBER = re.compile(r"-?[0-9]{1,9}")
FIRST = (ApplyWave.NAMESPACE, ApplyWave.DEFINITION)


def check_stages(objects: list[dict], errors: ValidationErrors) -> None:
    """Note annotations that are not whole numbers."""
    for obj in objects:
        given = _annotation(obj)
        if given is not None and not NUMBER.fullmatch(given):
            place = f"{obj['kind']} {obj['metadata']['name']}: metadata.annotations.{STAGE}"
            errors.add(place, f"{given!r} is not a whole number such as -1 or 2")


def in_stages(objects: list[dict], numbers: dict[ObjectRef, int]) -> list[list[dict]]:
    """Return the objects in groups, in the order of their stages.

    Args:
        objects: The objects with their namespaces. Their annotations are valid.
        numbers: The stages of objects that have no annotation.
    """
    stages, first = defaultdict(list), []
    for obj in objects:
        given = _annotation(obj)
        if given is not None:
            stages[int(given)].append(obj)
        elif apply_wave(kind_of(obj)) in FIRST:
            first.append(obj)
        else:
            stages[numbers.get(ref_of(obj), 0)].append(obj)
    if first:
        lowest = min(stages, default=0)
        stages[lowest] = first + stages[lowest]
    return [stages[number] for number in sorted(stages)]


def _annotation(obj: dict) -> str | None:
    return (obj["metadata"].get("annotations") or {}).get(STAGE)
