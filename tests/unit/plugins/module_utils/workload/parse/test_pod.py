from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.pod import (
    check_data,
    check_env,
    check_resources,
    parse_probes,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import PortSpec
from support.apps import app_mistakes

PORTS = [PortSpec("http", 80, 8080, "TCP")]


@pytest.fixture
def errors():
    return ValidationErrors()


def test_environment_takes_text_and_references(errors):
    check_env(
        {"A": "x", "B": 1, "C": {"secret": "s", "key": "k"}, "D": {"field": "f"}}, errors, "e"
    )
    assert errors.found == []
    check_env({"A=B": "x", "C": None, "D": {"secret": "s"}}, errors, "e")
    assert [found.split(":")[0] for found in errors.found] == ["e", "e.C", "e.D"]


def test_data_is_text_under_a_valid_key(errors):
    check_data({"a.conf": "x", "n": 1}, errors, "config")
    assert errors.found == []
    check_data({"a/b": "x", "c": {}}, errors, "config")
    assert "'a/b' is not a valid key" in errors.found[0]
    assert "to_json" in errors.found[1]


def test_resources_are_quantities(errors):
    check_resources({"requests": {"cpu": 1, "memory": "1Gi"}, "limits": None}, errors, "resources")
    assert errors.found == []
    check_resources({"limits": {"memory": "1GB"}}, errors, "resources")
    assert errors.found[0].startswith("resources.limits.memory: ")


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


def test_a_probe_needs_a_port_of_its_application(errors):
    parse_probes({"readiness": {"http": "/"}}, [], errors, "probes")
    parse_probes({"readiness": {"tcp": "web"}}, PORTS, errors, "probes")
    assert errors.found == [
        "probes.readiness: needs a port: the application declares none",
        "probes.readiness: 'web' is not a port of this application",
    ]


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"config_mount": "etc"}, "web.config_mount: 'etc' is not an absolute path"),
        ({"config_mount": "/d", "volumes": [("e", "/d")]}, "web.volumes[0].mount: /d is mounted twice"),
        ({"config_mount": "/c", "volumes": [("config", "/d")]}, "volume config is given twice"),
        ({"volumes": [("d", "/d"), ("d", "/e")]}, "web.volumes[1].name: volume d is given twice"),
        ({"volumes": [("d", "d")]}, "web.volumes[0].mount: 'd' is not an absolute path"),
    ],
)  # fmt: skip
def test_mistakes_in_volumes(options, mistake):
    volumes = [
        {"name": name, "mount": mount, "empty_dir": True}
        for name, mount in options.pop("volumes", [])
    ]
    assert any(mistake in found for found in app_mistakes(**options, volumes=volumes))
