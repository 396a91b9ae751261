"""Tests of ``kube.apply.taken``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import taken
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError

PORT = "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated"
ADDRESS = "failed to allocate IP 10.96.0.9: provided IP is already allocated"


@pytest.fixture
def services(client, monkeypatch):
    def answer(path):
        spec = {
            "clusterIPs": ["10.96.0.9"],
            "ports": [{"port": 80, "nodePort": 30080}, {"port": 81}],
        }
        return [{"metadata": {"namespace": "shop", "name": "old"}, "spec": spec}], "1"

    monkeypatch.setattr(client, "list_all", answer)


def refusal(message):
    return ApiError(422, {"message": message}, "PATCH", "/x")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (PORT, "; 30080 belongs to Service shop/old"),
        (ADDRESS, "; 10.96.0.9 belongs to Service shop/old"),
        (PORT.replace("30080", "30081"), ""),
        ("spec.ports: Required value", ""),
    ],
)
def test_the_holder_of_a_port_or_address_is_named(client, services, message, expected):
    assert taken.explain(refusal(message), client) == expected


def test_a_narrow_account_gets_the_refusal_alone(client, monkeypatch):
    def refuse(path):
        raise ApiError(403, {}, "GET", path)

    monkeypatch.setattr(client, "list_all", refuse)
    assert taken.explain(refusal(PORT), client) == ""
