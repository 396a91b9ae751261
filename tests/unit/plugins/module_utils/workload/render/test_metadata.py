from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    metadata,
    object_labels,
    without_none,
)
from support.apps import app_spec


def test_labels_of_slipway_win_over_own_ones():
    assert object_labels("web", {"tier": "a", "app.kubernetes.io/managed-by": "me"}) == {
        "tier": "a",
        "app.kubernetes.io/name": "web",
        "app.kubernetes.io/managed-by": "slipway",
    }


def test_metadata_has_the_name_of_the_application_or_another_one():
    assert metadata(app_spec())["name"] == "web"
    assert metadata(app_spec(), "web-data")["name"] == "web-data"
    assert metadata(app_spec())["namespace"] == "shop"


def test_empty_values_are_kept_and_none_is_not():
    assert without_none({"a": None, "b": 0, "c": ""}) == {"b": 0, "c": ""}


def test_a_kept_application_marks_its_objects():
    assert "annotations" not in metadata(app_spec())
    marked = metadata(app_spec(keep=True), annotations={"a": "b"})
    assert marked["annotations"] == {"a": "b", "slipway/keep": "true"}
