"""Tests of ``minikube.spec_check``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from support.minikube_profile import parsed


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
        ({"listen_address": "10.0.0.1"}, r"ports: \[10.0.0.1:8443:8443\]"),
        ({"listen_address": "here"}, "not a valid IP address"),
        ({"ports": ["80:80", "80:81"]}, "declared twice"),
        ({"ports": ["80:80"], "driver": "kvm2"}, "only the drivers docker and podman"),
        ({"force": True}, "only meant for root with the driver docker"),
    ],
)
def test_bad_values_are_rejected_with_the_allowed_ones(options, named):
    with pytest.raises(SpecError, match=named):
        parsed(**options)


def test_root_needs_force_or_another_user():
    with pytest.raises(SpecError, match="become_user"):
        parsed(uid=0)
    assert parsed(uid=0, force=True).force
    assert parsed(uid=0, state="absent").state == "absent"
