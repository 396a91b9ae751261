"""The filters of addresses by name."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.filter.addresses import FilterModule


def test_filters_are_offered_by_name():
    assert set(FilterModule().filters()) == {"url_host", "is_local_url"}
