from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ready_addresses,
)


def test_ready_addresses_count_the_larger_family():
    def part(family, *ready):
        endpoints = [{"addresses": ["x"], "conditions": {"ready": r}} for r in ready]
        return {"addressType": family, "endpoints": endpoints}

    assert ready_addresses([part("IPv4", True, False), part("IPv4", True), part("IPv6", True)]) == 2
    assert ready_addresses([]) == 0
