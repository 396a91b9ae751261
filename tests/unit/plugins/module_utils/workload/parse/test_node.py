from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.node import (
    check_node_options,
)


def test_labels_may_be_removed_and_taints_need_an_effect():
    taints = [{"key": "a", "effect": "NoSchedule"}, {"key": "b", "state": "absent"}]
    check_node_options({"name": "n1", "labels": {"a": None}, "taints": taints})


def test_all_mistakes_are_reported_together():
    taint = {"key": "a", "effect": "NoSchedule"}
    params = {"name": "N", "labels": {"a b": "c"}, "taints": [taint, taint, {"key": "c"}]}
    with pytest.raises(KubeError) as caught:
        check_node_options(params)
    places = [problem.split(":")[0] for problem in caught.value.result["problems"]]
    assert places == ["name", "labels", "taints[1]", "taints[2]"]
