from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.node import wanted_taints


def test_taints_change_only_what_is_named():
    now = [{"key": "a", "effect": "NoSchedule"}, {"key": "b", "effect": "NoExecute"}]
    declared = [{"key": "b", "state": "absent"}, {"key": "c", "value": "1", "effect": "NoSchedule"}]
    assert wanted_taints(now, declared) == [
        now[0],
        {"key": "c", "value": "1", "effect": "NoSchedule"},
    ]
