from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.container import (
    check_env,
    check_env_from,
    check_resources,
    parse_container,
)
from support.apps import app_mistakes, app_spec


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


def test_resources_are_quantities(errors):
    check_resources({"requests": {"cpu": 1, "memory": "1Gi"}, "limits": None}, errors, "resources")
    assert errors.found == []
    check_resources({"limits": {"memory": "1GB"}}, errors, "resources")
    assert errors.found[0].startswith("resources.limits.memory: ")


def test_objects_for_the_environment_have_valid_names(errors):
    check_env_from([{"config_map": "a.b"}, {"secret": "c", "prefix": "X_"}], errors, "e")
    assert errors.found == []
    check_env_from([{"secret": "No"}, {"secret": "c", "prefix": "X="}], errors, "e")
    assert [found.split(":")[0] for found in errors.found] == ["e[0]", "e[1].prefix"]


def test_a_container_reports_all_of_its_mistakes(errors):
    options = {"name": "web", "env": {"A=": "x"}, "ports": ["x"], "resources": {"limits": {"cpu": "x"}}}  # fmt: skip
    parse_container(options, [], errors, "web")
    assert [found.split(":")[0] for found in errors.found] == [
        "web",
        "web.env",
        "web.resources.limits.cpu",
        "web.ports[0]",
    ]


def test_additional_containers_have_the_same_options_and_by_default_the_same_image():
    proxy = {"name": "proxy", "image": "proxy:1", "ports": [90], "probes": {"readiness": {"tcp": True}}}  # fmt: skip
    app = app_spec(ports=[80], containers=[proxy], init_containers=[{"name": "first"}])
    assert [one.name for one in app.all_containers] == ["web", "proxy", "first"]
    assert [one.image for one in app.all_containers] == ["web:1", "proxy:1", "web:1"]
    assert app.containers[0].probes == {"readiness": {"tcp": 90}}
    assert [port.port for port in app.ports] == [80, 90], "the Service has the ports of all"


def test_config_and_secrets_come_after_other_sources_of_the_environment():
    app = app_spec(config={"a": 1}, secrets={"b": 1}, env_from=[{"config_map": "shared"}])
    assert app.main.env_from == [{"config_map": "shared"}, {"config_map": "web"}, {"secret": "web"}]
    assert app_spec(config={"a": 1}, config_mount="/etc/web").main.env_from == []


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"name": "web"}, "name: container web is given twice"),
        ({"name": "other"}, "name: container other is given twice"),
        ({"name": "No"}, "name: 'No' is not a valid RFC 1123 label"),
        ({"name": "a", "image": "No"}, "image: 'No' is not a valid image reference"),
        ({"name": "a", "sidecar": True, "ports": [80]}, "ports: port 80/TCP is given twice"),
        ({"name": "a", "ports": [81]}, "ports: is for containers that keep running; set sidecar"),
        ({"name": "a", "hooks": {"pre_stop": {"sleep": 1}}}, "hooks: is for containers that keep"),
    ],
)
def test_mistakes_in_additional_containers(options, mistake):
    containers = {"containers": [{"name": "other"}], "init_containers": [options]}
    found = app_mistakes(ports=[80], **containers)
    assert any(one.startswith(f"web.init_containers[0].{mistake}") for one in found)


def test_a_sidecar_keeps_running():
    sidecar = {"name": "proxy", "sidecar": True, "ports": [90], "probes": {"startup": {"tcp": 90}}}
    assert app_mistakes(init_containers=[sidecar]) == []
