"""Tests of ``minikube.spec_parser``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from support.minikube_profile import parsed


def test_normal_forms():
    desired = parsed(
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


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"kubernetes_version": "newest-ish"}, "such as v1.35.1, 1.35, stable or latest"),
        ({"cni": "weave"}, "auto, bridge, calico"),
        ({"cni": "/not/there.yaml"}, "/not/there.yaml cannot be read"),
        ({"apiserver_ips": ["host"]}, "apiserver_ips: 'host' is not a valid IP address"),
        ({"addons": {"x": "yes please"}}, "addons.x: use true, false"),
        ({"addons": {"x": {"image": {}}}}, "enabled, images and registries"),
        ({"extra_config": {"max-pods": 1}}, "COMPONENT.KEY"),
        ({"node_labels": {"a": ["b"]}}, "node_labels.a"),
        (
            {"node_taints": {"a": [{"key": "k", "effect": "Never"}]}},
            "NoSchedule, PreferNoSchedule, NoExecute",
        ),
    ],
)
def test_bad_values_are_rejected_with_the_allowed_ones(options, named):
    with pytest.raises(SpecError, match=named):
        parsed(**options)
