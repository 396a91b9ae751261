"""Errors about Secrets, without their content."""

from __future__ import annotations

import base64
import json

import pytest

CANARY = "canary-of-a-secret"
MISTAKES = [
    {"status": {"a": 1}},
    {"kind": "ConfigMap"},
    {"immutable": "x"},
    [{"op": "add", "path": "/zz", "value": 1}],
    [{"op": "test", "path": "/data/key", "value": "x"}],
]


@pytest.mark.parametrize("patch", MISTAKES, ids=json.dumps)
def test_a_mistake_in_a_patch_does_not_show_the_secret(space, patch):
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}
    space.declare(manifests=[{**secret, "stringData": {"key": CANARY}}], wait="applied")
    result = space.run("objects_patch", kind="Secret", name="a", patch=patch)
    assert result["failed"] and len(result["msg"]) < 300, result
    for text in (CANARY, base64.b64encode(CANARY.encode()).decode()):
        assert text not in json.dumps(result)
