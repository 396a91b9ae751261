"""Tests of ``minikube.settings``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port
from ansible_collections.slipway.lab.plugins.module_utils.minikube.settings import (
    compare_settings,
    parse_count,
    parse_megabytes,
    published_ports,
    version_key,
)
from support.minikube_profile import desired, node, observed


def test_versions_are_ordered():
    ordered = ["v1.9.0", "v1.35.0-alpha.2", "v1.35.0-rc.1", "v1.35.0-rc.10", "v1.35.0", "v1.35.1"]
    assert sorted({*ordered}, key=version_key) == ordered


def options_of(changes):
    return [change.option for change in changes]


def test_changes_are_sorted_by_what_a_start_can_apply():
    wanted = desired(memory="8g", kubernetes_version="v1.36.0", apiserver_ips=["10.0.0.2"])
    found = compare_settings(wanted, observed(), "")
    assert options_of(found.immutable) == ["memory"]
    assert options_of(found.mutable) == ["apiserver_ips"]
    assert options_of(found.applied) == ["apiserver_ips", "kubernetes_version"]


def test_a_control_plane_that_is_behind_is_upgraded():
    seen = observed(primary=node(version="v1.35.0"))
    change = compare_settings(desired(kubernetes_version="v1.35.1"), seen, "").upgrade
    assert (change.before, change.after) == ("v1.35.0", "v1.35.1")


@pytest.mark.parametrize(
    ("text", "number"), [(None, None), ("max", None), ("no-limit", 0), ("4", 4)]
)
def test_numbers_of_processors(text, number):
    assert parse_count(text) == number


def test_sizes_without_a_limit():
    assert (parse_megabytes("no-limit"), parse_megabytes("max"), parse_megabytes("2g")) == (
        0, None, 2048,
    )  # fmt: skip


def test_ports_of_minikube_are_not_compared():
    assert published_ports(desired()) is None
    wanted = desired(ports=[Port(8443), Port(30080, host_port=80, ip="0.0.0.0")])
    assert published_ports(wanted) == {("", "80", "30080/tcp")}


OWN = ("", "80", "30080/tcp")


@pytest.mark.parametrize(
    ("ports", "forwards", "after"),
    [
        ([Port(30080, host_port=80)], set(), None),
        ([Port(30080, host_port=80), Port(53, "udp", host_port=53)], set(), ["53:53/udp", "80:30080/tcp"]),
        ([Port(30080, host_port=80)], {("", "81", "30081/tcp")}, ["80:30080/tcp"]),
        (None, {("", "81", "30081/tcp")}, None),
    ],
)  # fmt: skip
def test_ports_are_added_beside_the_control_plane(ports, forwards, after):
    found = compare_settings(desired(ports=ports), observed(ports={OWN}, forwards=forwards), "")
    assert found.immutable == found.mutable == []
    assert (found.ports.after if found.ports else None) == after
    assert options_of(found.applied) == (["ports"] if after else [])


@pytest.mark.parametrize(
    "ports",
    [
        [],
        [Port(30080, host_port=80), Port(30081, "sctp", host_port=81)],
        [Port(30080, host_port=80), Port(30081)],
    ],
)
def test_other_changes_of_ports_need_another_control_plane(ports):
    found = compare_settings(desired(ports=ports), observed(ports={OWN}), "")
    assert options_of(found.immutable) == ["ports"] and found.ports is None
