"""Tests of ``workload.parse.definition``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.definition import (
    place,
    read_definition,
)

OPTIONS = {"namespace": "shop", "log_lines": 20, "name": None, "definition": None}
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}


def test_the_definition_is_a_copy():
    params = {**OPTIONS, "definition": MAP}
    assert read_definition(params) == MAP and read_definition(params) is not MAP
    assert read_definition(OPTIONS) == {}


def test_the_content_of_a_secret_leaves_the_parameters():
    params = {**OPTIONS, "definition": {**MAP, "kind": "Secret", "stringData": {"key": "top"}}}
    assert read_definition(params)["stringData"] == {"key": "top"}
    assert params["definition"]["stringData"] == {"key": "(hidden)"}


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"definition": {}}, "definition.apiVersion: is needed"),
        ({"definition": {**MAP, "kind": 1}}, "definition.kind: is needed"),
        ({"definition": {**MAP, "metadata": None}}, "definition.metadata: is needed, with name"),
        ({"definition": {**MAP, "metadata": {"name": "a", "generateName": "b"}}}, "either name or"),
        ({"definition": {**MAP, "metadata": {"name": 5}}}, "metadata.name: is a text"),
        ({"definition": MAP, "name": "b"}, "name: belongs to from_cron_job"),
        ({"name": "B"}, "name: 'B' is not a valid"),
        ({"namespace": "B"}, "namespace: 'B' is not a valid"),
        ({"log_lines": -1}, "log_lines: a number from 0"),
    ],
)
def test_mistakes_are_reported(options, text):
    with pytest.raises(KubeError, match=text):
        read_definition({**OPTIONS, **options})


def test_an_object_is_placed_where_its_kind_belongs(cluster):
    obj, collection = place(cluster.discovery, {**MAP, "metadata": {"name": "a"}}, "shop")
    assert obj["metadata"]["namespace"] == "shop"
    assert collection == "/api/v1/namespaces/shop/configmaps"
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a", "namespace": "x"}}
    obj, collection = place(cluster.discovery, node, "shop")
    assert collection == "/api/v1/nodes" and "namespace" not in obj["metadata"]
    with pytest.raises(KubeError, match="unknown kind Thing"):
        place(cluster.discovery, {**MAP, "kind": "Thing"}, "shop")
