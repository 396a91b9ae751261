from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.pod import (
    CONFIG_HASH,
    config_hash,
    pod_template,
)
from support.apps import app_spec


def container(**options) -> dict:
    return pod_template(app_spec(**options))["spec"]["containers"][0]


def test_only_what_was_declared_is_rendered():
    assert pod_template(app_spec())["spec"] == {"containers": [{"name": "web", "image": "web:1"}]}


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


def test_a_change_of_config_or_secrets_changes_the_template():
    assert config_hash(app_spec()) == ""
    hashes = {
        config_hash(app_spec(**options))
        for options in ({"config": {"a": 1}}, {"config": {"a": 2}}, {"secrets": {"a": 1}})
    }
    assert len(hashes) == 3
    annotations = pod_template(app_spec(config={"a": 1}))["metadata"]["annotations"]
    assert annotations[CONFIG_HASH] in hashes


def test_pods_of_a_job_are_not_restarted_by_default():
    assert pod_template(app_spec(kind="Job"))["spec"]["restartPolicy"] == "Never"
    chosen = pod_template(app_spec(kind="Job", restart_policy="OnFailure"))
    assert chosen["spec"]["restartPolicy"] == "OnFailure"


def test_spread_prefers_one_pod_in_each_domain():
    (constraint,) = pod_template(app_spec(spread=["zone"]))["spec"]["topologySpreadConstraints"]
    assert (constraint["topologyKey"], constraint["maxSkew"]) == ("zone", 1)
    assert constraint["whenUnsatisfiable"] == "ScheduleAnyway"
