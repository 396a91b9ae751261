"""The filters of a lab compute services, image references and addresses."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.filter.lab import (
    FilterModule,
    host_addresses,
    images_by_program,
    present_services,
    with_image,
)

PAGES = {
    "registry": [],
    "monitoring": [{"name": "Metrics"}, {"name": "Alerts"}],
    "logging": [{"name": "Logs"}],
}
ALL = [{"name": "App"}, {"name": "Metrics"}, {"name": "Alerts"}, {"name": "Logs"}]


@pytest.mark.parametrize(
    ("selected", "listed", "states", "expected"),
    [
        ([], [], {}, []),
        (["registry"], [], {}, ["registry"]),
        (["logging"], ALL, {}, ["monitoring", "logging"]),
        ([], ALL[:2], {}, []),
        (["monitoring"], ALL, {"monitoring": "absent"}, ["logging"]),
        (["unknown"], ALL[:1], {}, []),
    ],
)
def test_present_services(selected, listed, states, expected):
    assert present_services(PAGES, selected, listed, states) == expected


def test_images_by_program():
    images = {"slipway/kube-state-metrics:2.1": "slipway/kube-state-metrics@sha256:1"}
    expected = {"kube_state_metrics": "10.0.0.1:5443/slipway/kube-state-metrics@sha256:1"}
    assert images_by_program(images, "10.0.0.1:5443") == expected


def test_host_addresses():
    hostvars = {"lab1": {"ansible_host": "10.0.0.2"}, "lab2": {}}
    expected = [{"name": "lab1", "address": "10.0.0.2"}, {"name": "lab2", "address": "lab2"}]
    assert host_addresses(["lab1", "lab2"], hostvars) == expected


def test_filters_are_registered_by_name():
    assert set(FilterModule().filters()) == {
        "present_services",
        "images_by_program",
        "host_addresses",
        "with_image",
    }


def test_containers_with_the_image_get_another_one():
    def pod(*images, **more):
        containers = [{"name": str(at), "image": image} for at, image in enumerate(images)]
        return {"spec": {"containers": containers, **more}}

    init = [{"name": "i", "image": "web", "imagePullPolicy": "Always"}]
    given = [
        {"kind": "Deployment", "spec": {"template": pod("web:v1", "other/web:v1")}},
        None,
        {
            "kind": "CronJob",
            "spec": {"jobTemplate": {"spec": {"template": pod("x", initContainers=init)}}},
        },
        {"kind": "Pod", "metadata": {"labels": {"a": "b"}}, **pod("web")},
        {"kind": "ConfigMap", "data": {"a": "web"}},
        {"kind": "Job", "spec": {"template": pod("web2")}},
    ]
    found = with_image(given, "web", "dev/web:1", {"l": "1"})
    deployment, cron, alone, *rest = found
    template = deployment["spec"]["template"]
    mine = {"image": "dev/web:1", "imagePullPolicy": "Never"}
    assert template["spec"]["containers"] == [
        {"name": "0", **mine},
        {"name": "1", "image": "other/web:v1"},
    ]
    assert template["metadata"] == {"labels": {"l": "1"}}
    template = cron["spec"]["jobTemplate"]["spec"]["template"]
    assert template["spec"]["initContainers"] == [{"name": "i", **mine}]
    assert alone["metadata"]["labels"] == {"a": "b", "l": "1"}
    assert rest == given[4:] and given[3]["metadata"] == {"labels": {"a": "b"}}


def test_manifests_without_the_image_are_refused():
    with pytest.raises(ValueError, match="has the image web"):
        with_image([{"kind": "ConfigMap"}], "web", "x", {})
