from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.info import (
    describe_workloads,
)
from support.objects import deployment


def test_each_workload_of_the_selector_is_described(api, module_of):
    for name in ("a", "b"):
        api.put("deployments", deployment(name))
    result = describe_workloads(module_of(name="b", log_lines=0))
    assert [one["name"] for one in result["workloads"]] == ["b"]
    nothing = module_of(selector="a=b", log_lines=0)
    assert describe_workloads(nothing) == {"workloads": []}


def test_a_negative_number_of_lines_is_a_mistake(module_of):
    with pytest.raises(KubeError, match="log_lines: a number from 0"):
        describe_workloads(module_of(name="web", log_lines=-1))
