from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.container import (
    render_container,
)
from support.apps import app_spec


def container(**options) -> dict:
    return render_container(app_spec(**options).main)


def test_environment_has_text_and_references():
    env = {
        "A": True,
        "B": {"secret": "s", "key": "k"},
        "C": {"config": "c", "key": "k"},
        "D": {"field": "metadata.name"},
    }
    assert container(env=env)["env"] == [
        {"name": "A", "value": "true"},
        {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}},
        {
            "name": "D",
            "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}},
        },
    ]


@pytest.mark.parametrize(
    ("probe", "rendered"),
    [
        ({"http": "/", "scheme": "HTTPS"}, {"httpGet": {"path": "/", "port": 80, "scheme": "HTTPS"}}),
        ({"exec": ["true"], "delay": 3}, {"exec": {"command": ["true"]}, "initialDelaySeconds": 3}),
        ({"grpc": 90, "failures": 2}, {"grpc": {"port": 90}, "failureThreshold": 2}),
        ({"tcp": True, "period": 1}, {"tcpSocket": {"port": 80}, "periodSeconds": 1}),
    ],
)  # fmt: skip
def test_probes(probe, rendered):
    assert container(ports=[80], probes={"liveness": probe})["livenessProbe"] == rendered


def test_config_is_in_the_environment_unless_it_is_mounted():
    assert container(config={"a": 1})["envFrom"] == [{"configMapRef": {"name": "web"}}]
    mounted = container(config={"a": 1}, config_mount="/etc/web")
    assert "envFrom" not in mounted
    assert mounted["volumeMounts"] == [{"name": "config", "mountPath": "/etc/web"}]


def test_mounted_secrets_are_read_only():
    rendered = container(secrets={"a": "b"}, secrets_mount="/secrets")
    mount = {"name": "secrets", "mountPath": "/secrets", "readOnly": True}
    assert rendered["volumeMounts"] == [mount]


def test_sources_of_the_environment():
    sources = [{"config_map": "a", "prefix": "A_"}, {"secret": "b", "optional": True}]
    assert container(env_from=sources)["envFrom"] == [
        {"prefix": "A_", "configMapRef": {"name": "a"}},
        {"secretRef": {"name": "b", "optional": True}},
    ]


def test_hooks():
    hooks = {"post_start": {"http": "/warm", "scheme": "HTTPS"}, "pre_stop": {"sleep": 5}}
    assert container(ports=[80], hooks=hooks)["lifecycle"] == {
        "postStart": {"httpGet": {"path": "/warm", "port": 80, "scheme": "HTTPS"}},
        "preStop": {"sleep": {"seconds": 5}},
    }
    assert container(hooks={"pre_stop": {"exec": ["sync"]}})["lifecycle"] == {
        "preStop": {"exec": {"command": ["sync"]}}
    }


def test_two_ports_of_the_service_may_lead_to_one_of_the_container():
    (port,) = container(ports=["80:8080", "81:8080"])["ports"]
    assert port == {"containerPort": 8080, "protocol": "TCP", "name": "tcp-80"}


def test_a_sidecar_is_an_init_container_that_is_restarted():
    mounts = [{"volume": "data", "path": "/in", "sub_path": "x", "read_only": True}]
    app = app_spec(
        volumes=[{"name": "data", "mount": "/data", "empty_dir": True}],
        init_containers=[{"name": "logs", "sidecar": True, "mounts": mounts, "args": ["-f"]}],
    )
    assert render_container(app.init_containers[0]) == {
        "name": "logs",
        "image": "web:1",
        "args": ["-f"],
        "restartPolicy": "Always",
        "volumeMounts": [{"name": "data", "mountPath": "/in", "subPath": "x", "readOnly": True}],
    }
