"""The filters of a lab compute services, image references and addresses."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.filter.lab import (
    FilterModule,
    host_addresses,
    images_by_program,
    present_services,
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
    }
