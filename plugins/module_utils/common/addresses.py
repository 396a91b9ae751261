"""Addresses of hosts in URLs."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def url_host(address: str) -> str:
    """Return a host as a URL needs it: an IPv6 address in brackets, anything else unchanged (RFC 3986, 3.2.2).

    Args:
        address: A host name, an IPv4 address or an IPv6 address.
    """
    text = str(address)
    return f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text


def is_local_url(url: str) -> bool:
    """Return whether the host of a URL is an address that no proxy can reach: loopback, link-local or private."""
    try:
        address = ipaddress.ip_address(urlsplit(str(url)).hostname or "")
    except ValueError:
        return False
    return address.is_private or address.is_loopback or address.is_link_local
