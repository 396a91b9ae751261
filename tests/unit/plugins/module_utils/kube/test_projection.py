"""Tests of ``kube.projection``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.projection import (
    parse_fields,
    project,
)

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a", "namespace": "shop", "uid": "u", "labels": {"example.com/x": "1", "y": "2"}},
    "spec": {"containers": [{"name": "web", "image": "web:1"}, {"name": "log"}], "nodeName": ""},
}  # fmt: skip
IDENTITY = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop"}}


def shown(*fields):
    return project(POD, parse_fields(list(fields)))


def test_the_identity_is_always_shown():
    assert shown("status.phase") == IDENTITY
    assert shown("metadata.uid")["metadata"] == {**IDENTITY["metadata"], "uid": "u"}


def test_a_path_leads_through_lists():
    assert shown("spec.containers.image")["spec"] == {"containers": [{"image": "web:1"}, {}]}


def test_paths_are_combined():
    both = shown("spec.containers.image", "spec.containers.name", "spec.nodeName")
    assert both["spec"] == POD["spec"]


def test_a_name_in_brackets_may_have_dots():
    labels = shown('.metadata.labels["example.com/x"]')["metadata"]["labels"]
    assert labels == {"example.com/x": "1"}
    assert shown("metadata.labels['y']")["metadata"]["labels"] == {"y": "2"}


@pytest.mark.parametrize("field", ["", "a..b", "spec.containers[0].image", "a[", "{.a}]"])
def test_a_path_that_is_not_valid_is_an_error(field):
    with pytest.raises(KubeError, match="is not a valid path; write status.phase"):
        parse_fields([field])
