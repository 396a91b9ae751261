"""The filters of addresses by name."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.filter.addresses import FilterModule, nth_address


def test_filters_are_offered_by_name():
    assert set(FilterModule().filters()) == {"url_host", "is_local_url", "nth_address"}


def test_addresses_of_a_network_are_counted():
    assert nth_address("10.214.0.0/24", 11) == "10.214.0.11"
    assert nth_address("10.214.0.1/24", 1) == "10.214.0.1"
    assert nth_address("fd00::/64", 1) == "fd00::1"
