from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import (
    parse_replicas,
    wanted,
)


@pytest.mark.parametrize(
    ("value", "before", "after"), [(5, 1, 5), ("7", 1, 7), ("+2", 1, 3), ("-5", 3, 0), ("0", 4, 0)]
)
def test_relative_and_absolute_replicas(value, before, after):
    assert wanted(parse_replicas(value), before) == after
