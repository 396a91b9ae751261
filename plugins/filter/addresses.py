"""Filters for addresses of hosts in URLs."""

from __future__ import annotations

import ipaddress
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.addresses import (
    is_local_url,
    url_host,
)

DOCUMENTATION = r"""
name: addresses
short_description: Filters for addresses of hosts in URLs
description:
  - C(nth_address) returns an address of a network by its number.
  - C(url_host) writes an address as a URL or a port needs it.
  - C(is_local_url) checks whether the host of a URL is an address of this machine or of a private network.
"""


def nth_address(network: str, number: int) -> str:
    """Return an address of a network, such as ``10.213.0.11`` for the 11th of ``10.213.0.0/24``."""
    return str(ipaddress.ip_network(network, strict=False)[number])


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict[str, Any]:
        """Return the filters by name."""
        return {"url_host": url_host, "is_local_url": is_local_url, "nth_address": nth_address}
