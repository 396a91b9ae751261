"""Tests of ``kube.apply.sender``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import (
    ApplyOptions,
    Sender,
    may_take_over,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError
from support.kube_fake import Refused

CONFIG = {
    "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": "default"},
    "data": {"a": "1"}, "datas": {"b": "2"},
}  # fmt: skip
UNKNOWN = "failed to create typed patch object (default/x; /v1, Kind=ConfigMap): .datas: field not declared in schema"


@pytest.fixture
def strict_server(api):
    """A server without a field ``datas`` in its schema."""
    seen = []

    def fault(method, path):
        if method == "PATCH" and not seen:
            seen.append(path)
            raise Refused(500, "InternalError", UNKNOWN)

    api.faults.append(fault)
    return api


def send(client, discovery, **options):
    sender = Sender(client, discovery, ApplyOptions(**options))
    return sender, sender.send(CONFIG, force=False)


def test_an_unknown_field_is_left_out_with_a_warning(strict_server, client, discovery):
    sender, after = send(client, discovery, validate="warn")
    assert "datas" not in after
    assert sender.warnings == ["ConfigMap default/x: the unknown field .datas was left out"]


def test_ignore_gives_no_warning(strict_server, client, discovery):
    assert send(client, discovery, validate="ignore")[0].warnings == []


def test_strict_refuses_an_unknown_field(api, client, discovery):
    def fault(method, path):
        if method == "PATCH":
            raise Refused(422, "Invalid", UNKNOWN)

    api.faults.append(fault)
    with pytest.raises(ApiError, match="datas"):
        send(client, discovery, validate="strict")


@pytest.mark.parametrize(
    ("owners", "allowed"),
    [
        ((), False),
        (("kubectl",), False),
        (("slipway-scale",), True),
        (("slipway-scale", "kubectl"), False),
    ],
)
def test_only_fields_of_managers_that_yield_are_taken_over(owners, allowed):
    causes = [
        {"reason": "FieldManagerConflict", "message": f'conflict with "{owner}"'}
        for owner in owners
    ]
    error = ApiError(409, {"details": {"causes": causes}}, "PATCH", "/x")
    assert may_take_over(error) is allowed
