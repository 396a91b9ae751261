from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.stages import (
    STAGE,
    check_stages,
    in_stages,
)


def manifest(name: str, kind: str = "ConfigMap", stage: int | None = None) -> dict:
    obj = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}}
    if stage is not None:
        obj["metadata"]["annotations"] = {STAGE: str(stage)}
    return obj


def names(stages: list[list[dict]]) -> list[list[str]]:
    return [[obj["metadata"]["name"] for obj in stage] for stage in stages]


def test_objects_without_a_number_share_a_stage_in_their_order():
    assert names(in_stages([manifest("b"), manifest("a")], {})) == [["b", "a"]]
    assert in_stages([], {}) == []


def test_numbers_come_from_annotations_and_applications():
    app, late, early = manifest("app"), manifest("late", stage=10), manifest("early", stage=-2)
    plain = manifest("plain")
    stages = in_stages([late, app, plain, early], {ref_of(app): 2})
    assert names(stages) == [["early"], ["plain"], ["app"], ["late"]]


def test_an_annotation_wins_over_the_number_of_an_application():
    obj = manifest("a", stage=1)
    assert names(in_stages([obj, manifest("b")], {ref_of(obj): -1})) == [["b"], ["a"]]


def test_namespaces_and_definitions_come_first():
    objects = [
        manifest("early", stage=-1),
        manifest("shop", "Namespace"),
        manifest("things", "CustomResourceDefinition"),
        manifest("last", "Namespace", stage=3),
    ]
    assert names(in_stages(objects, {})) == [["shop", "things", "early"], ["last"]]
    assert names(in_stages([manifest("shop", "Namespace")], {})) == [["shop"]]


@pytest.mark.parametrize(("given", "valid"), [("-3", True), ("12", True), ("1.5", False), ("", False)])  # fmt: skip
def test_a_stage_is_a_whole_number(given, valid):
    errors = ValidationErrors()
    obj = manifest("a")
    obj["metadata"]["annotations"] = {STAGE: given}
    check_stages([obj, manifest("b")], errors)
    place = f"ConfigMap a: metadata.annotations.{STAGE}"
    expected = [] if valid else [f"{place}: {given!r} is not a whole number such as -1 or 2"]
    assert errors.found == expected
