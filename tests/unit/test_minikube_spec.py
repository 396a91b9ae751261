"""Declared values of the module minikube: normal forms, and errors that name what is allowed."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    Port,
    SpecError,
    parse,
    parse_port,
    size_mb,
)

OPTIONS = [
    "container_runtime",
    "kubernetes_version",
    "nodes",
    "cpus",
    "memory",
    "disk_size",
    "addons",
    "cni",
    "extra_config",
    "node_labels",
    "node_taints",
    "listen_address",
    "ports",
    "apiserver_ips",
    "base_image",
    "binary_mirror",
    "image_repository",
    "insecure_registries",
    "registry_mirrors",
]
DEFAULTS = {
    **dict.fromkeys(OPTIONS),
    "profile": "minikube",
    "state": "started",
    "driver": "docker",
    "force": False,
    "install_addons": True,
    "preload": True,
    "cache_images": True,
    "wait": ["apiserver", "node_ready"],
    "recreate": False,
    "keep_context": False,
}


def spec(uid: int = 1000, **options):
    return parse({**DEFAULTS, **options}, uid)


@pytest.mark.parametrize(
    ("text", "size"),
    [("4096", 4096), ("4096m", 4096), ("4g", 4096), ("4GB", 4096), ("4GiB", 4096), ("2.5g", 2560)],
)
def test_sizes_are_read_as_minikube_reads_them(text, size):
    assert size_mb(text) == size


@pytest.mark.parametrize("text", ["", "much", "4x", "-1g"])
def test_what_is_no_size(text):
    with pytest.raises(ValueError, match="not a valid size"):
        size_mb(text)


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("30080", Port(30080)),
        ("8080:30080", Port(30080, host_port=8080)),
        ("10.0.0.1:8080:30080", Port(30080, ip="10.0.0.1", host_port=8080)),
        ("10.0.0.1::30080/udp", Port(30080, "udp", "10.0.0.1")),
    ],
)
def test_ports_are_read_and_written_alike(text, port):
    assert parse_port(text) == port
    assert str(port) == text


@pytest.mark.parametrize(
    "text", ["0", "70000", "8080:99999", "a:1", "1:2:3:4", "8000-8010:80", "999.1.1.1:1:1"]
)
def test_bad_ports_are_named(text):
    with pytest.raises(SpecError, match="ports: "):
        parse_port(text)


def test_normal_forms():
    desired = spec(
        kubernetes_version="1.35.1",
        container_runtime="cri-o",
        addons={"dashboard": True, "ingress": {"images": {"A": "b:1"}}},
        extra_config={"kubelet.max-pods": 50, "apiserver.profiling": False},
        binary_mirror="http://mirror/",
    )
    assert desired.kubernetes_version == "v1.35.1"
    assert desired.container_runtime == "crio"
    assert desired.addons["ingress"].enabled and desired.addons["ingress"].images == {"A": "b:1"}
    assert desired.extra_config == {"kubelet.max-pods": "50", "apiserver.profiling": "false"}
    assert desired.binary_mirror == "http://mirror"
    assert set(desired.wanted_addons()) == {
        "dashboard",
        "ingress",
        "default-storageclass",
        "storage-provisioner",
    }


def test_a_declared_addon_overrides_the_default():
    assert (
        not spec(addons={"storage-provisioner": False})
        .wanted_addons()["storage-provisioner"]
        .enabled
    )


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"profile": "a"}, "profile: 'a'"),
        ({"profile": "-ab"}, "profile: '-ab'"),
        ({"profile": "Stop"}, "none of start, stop"),
        ({"nodes": 0}, "1 node or more"),
        ({"nodes": 2, "driver": "none"}, "driver none has exactly one node"),
        ({"nodes": 2, "cni": "bridge"}, "one node only"),
        ({"memory": "1799m"}, "minimum of 1800m"),
        ({"memory": "lots"}, "4096, 4096m or 4g, or max, or no-limit"),
        ({"disk_size": "1g"}, "disk_size: 1g is less"),
        ({"cpus": "1"}, "a number from 2, max or no-limit"),
        ({"cpus": "two"}, "cpus: 'two'"),
        ({"kubernetes_version": "newest-ish"}, "such as v1.35.1, 1.35, stable or latest"),
        ({"cni": "weave"}, "auto, bridge, calico"),
        ({"cni": "/not/there.yaml"}, "/not/there.yaml cannot be read"),
        ({"listen_address": "10.0.0.1"}, r"ports: \[10.0.0.1:8443:8443\]"),
        ({"listen_address": "here"}, "not a valid IP address"),
        ({"apiserver_ips": ["host"]}, "apiserver_ips: 'host' is not a valid IP address"),
        ({"ports": ["80:80", "80:81"]}, "declared twice"),
        ({"ports": ["80:80"], "driver": "kvm2"}, "only the drivers docker and podman"),
        ({"addons": {"x": "yes please"}}, "addons.x: use true, false"),
        ({"addons": {"x": {"image": {}}}}, "enabled, images and registries"),
        ({"extra_config": {"max-pods": 1}}, "COMPONENT.KEY"),
        ({"node_labels": {"a": ["b"]}}, "node_labels.a"),
        (
            {"node_taints": {"a": [{"key": "k", "effect": "Never"}]}},
            "NoSchedule, PreferNoSchedule, NoExecute",
        ),
        ({"force": True}, "only meant for root with the driver docker"),
    ],
)
def test_bad_values_are_named_with_what_is_allowed(options, named):
    with pytest.raises(SpecError, match=named):
        spec(**options)


def test_root_needs_force_or_another_user():
    with pytest.raises(SpecError, match="become_user"):
        spec(uid=0)
    assert spec(uid=0, force=True).force
    assert spec(uid=0, state="absent").state == "absent"
