"""Addresses are written into URLs, and local ones are recognized."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.addresses import (
    is_local_url,
    url_host,
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("2001:db8::5", "[2001:db8::5]"),
        ("::", "[::]"),
        ("[::1]", "[::1]"),
        ("10.0.0.5", "10.0.0.5"),
        ("node1.example.org", "node1.example.org"),
        ("", ""),
    ],
)
def test_ipv6_addresses_get_brackets(address, expected):
    assert url_host(address) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:18547/minikube", True),
        ("http://10.213.0.1:5082/minikube", True),
        ("http://[fd00::1]:5082/", True),
        ("https://dl.k8s.io", False),
        ("https://8.8.8.8/x", False),
        ("", False),
        ("http://[broken", False),
    ],
)
def test_local_urls_are_recognized(url, expected):
    assert is_local_url(url) is expected
