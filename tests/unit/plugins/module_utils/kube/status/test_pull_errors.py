"""Tests of ``kube.status.pull_errors``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.pull_errors import (
    pull_is_final,
)


def test_a_missing_image_is_final_and_a_silent_registry_is_not():
    assert pull_is_final("manifest unknown")
    assert not pull_is_final("dial tcp: i/o timeout: not found")
    assert not pull_is_final("something else")


def test_the_name_of_an_image_decides_nothing():
    text = 'failed to pull image "registry/timeout-eof:1": failed to resolve "registry/timeout-eof:1": not found'
    assert pull_is_final(text)
