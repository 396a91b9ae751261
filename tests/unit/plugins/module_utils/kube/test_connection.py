"""Tests of ``kube.connection``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.connection import Connection


def test_a_connection_asks_for_its_authorization_each_time():
    tokens = iter(["Bearer one", "Bearer two"])
    connection = Connection("https://api", None, {}, lambda: next(tokens), [])
    assert [connection.authorization(), connection.authorization()] == ["Bearer one", "Bearer two"]
