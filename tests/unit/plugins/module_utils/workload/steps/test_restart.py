from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.restart import (
    restart_unchanged,
)

ANNOTATION = "kubectl.kubernetes.io/restartedAt"


def annotations(api) -> dict:
    template = api.get("deployments", "web")["spec"]["template"]
    return template["metadata"].get("annotations") or {}


def test_only_unchanged_workloads_are_restarted(api, apply):
    context = apply()
    restart_unchanged(context, context.result.changes)
    assert context.result.fields["restarted"] == [] and ANNOTATION not in annotations(api)
    for change in context.result.changes:
        change.action = "unchanged"
    restart_unchanged(context, context.result.changes)
    assert context.result.fields["restarted"] == ["Deployment default/web"]
    assert ANNOTATION in annotations(api)
    assert context.result.changes[0].after["metadata"]["generation"] == 2


def test_check_mode_predicts_the_restart(api, apply):
    apply()
    context = apply(check=True)
    for change in context.result.changes:
        change.action = "unchanged"
    restart_unchanged(context, context.result.changes)
    assert context.result.fields["restarted"] and ANNOTATION not in annotations(api)
