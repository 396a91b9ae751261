"""Tests of ``workload.parse.patch``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.patch import (
    parse_patch,
    without_values,
)

OPTIONS = {"type": None, "name": "web", "force": False, "field_manager": "slipway-patch"}
REMOVE = {"op": "remove", "path": "/a"}


def parse(**options):
    return parse_patch({**OPTIONS, **options}, dry_run=False)


def test_the_type_follows_from_the_patch():
    assert parse(patch=[REMOVE]).type == "json"
    assert parse(patch={"data": {}}).type == "merge"
    assert parse(patch={"data": {}}, type="apply", force=True).force


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"patch": "data"}, "a patch of the type merge is a mapping"),
        ({"patch": {}}, "a patch of the type merge is a mapping"),
        ({"patch": {"data": {}}, "type": "json"}, "patch: a JSON patch is a list"),
        ({"patch": [{"op": "add", "path": "/a"}]}, r"patch: \[0\]: add needs value"),
        ({"patch": [REMOVE], "type": "strategic"}, "a patch of the type strategic is a mapping"),
        ({"patch": [REMOVE], "force": True}, "force: belongs to type: apply"),
        (
            {"patch": [REMOVE], "resource_version": "5", "name": None, "names": ["a", "b"]},
            "resource_version: belongs to the name of one object",
        ),
    ],
)
def test_mistakes_are_reported(options, text):
    with pytest.raises(KubeError, match=text):
        parse(**options)


def test_values_of_secrets_are_taken_out():
    patch = {"data": {"key": "dG9w"}, "stringData": {"other": "top"}, "type": "Opaque"}
    hidden = {"data": {"key": "(hidden)"}, "stringData": {"other": "(hidden)"}, "type": "Opaque"}
    assert without_values(patch) == hidden
    add = {"op": "add", "path": "/data/key", "value": "dG9w"}
    assert without_values([add, REMOVE]) == [{**add, "value": "(hidden)"}, REMOVE]
