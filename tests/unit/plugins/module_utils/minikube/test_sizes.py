"""Tests of ``minikube.sizes``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.sizes import size_mb


@pytest.mark.parametrize(
    ("text", "size"),
    [("4096", 4096), ("4096m", 4096), ("4g", 4096), ("4GB", 4096), ("4GiB", 4096), ("2.5g", 2560)],
)
def test_sizes_are_read_as_minikube_reads_them(text, size):
    assert size_mb(text) == size


@pytest.mark.parametrize("text", ["", "much", "4x", "-1g"])
def test_other_texts_are_rejected(text):
    with pytest.raises(ValueError, match="not a valid size"):
        size_mb(text)
