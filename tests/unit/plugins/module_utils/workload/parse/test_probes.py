from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.probes import (
    parse_hooks,
    parse_probes,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import PortSpec

PORTS = [PortSpec("http", 80, 8080, "TCP")]


@pytest.fixture
def errors():
    return ValidationErrors()


def test_probes_get_the_port_that_they_connect_to(errors):
    probes = {
        "readiness": {"http": "/"},
        "liveness": {"tcp": "http"},
        "startup": {"tcp": True},
        "none": None,
    }
    assert parse_probes(probes, PORTS, errors, "probes") == {
        "readiness": {"http": "/", "port": 8080},
        "liveness": {"tcp": "http"},
        "startup": {"tcp": 8080},
    }
    assert errors.found == []


def test_a_probe_needs_a_port_of_its_container(errors):
    parse_probes({"readiness": {"http": "/"}}, [], errors, "probes")
    parse_probes({"readiness": {"tcp": "web"}}, PORTS, errors, "probes")
    assert errors.found == [
        "probes.readiness: needs a port: the container declares none",
        "probes.readiness: 'web' is not a port of this container",
    ]


def test_hooks_get_the_port_of_their_request(errors):
    hooks = {
        "post_start": {"http": "/warm"},
        "pre_stop": {"sleep": 5},
        "none": None,
    }
    assert parse_hooks(hooks, PORTS, errors, "hooks") == {
        "post_start": {"http": "/warm", "port": 8080},
        "pre_stop": {"sleep": 5},
    }
    assert errors.found == []


def test_mistakes_in_hooks(errors):
    hooks = {"post_start": {"http": "/", "port": "web"}, "pre_stop": {"sleep": 0}}
    parse_hooks(hooks, PORTS, errors, "hooks")
    assert errors.found == [
        "hooks.post_start: 'web' is not a port of this container",
        "hooks.pre_stop.sleep: 0 is too small, at least 1",
    ]
