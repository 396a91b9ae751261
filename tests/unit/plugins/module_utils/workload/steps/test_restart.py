from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.restart import (
    restart_unchanged,
)
from support.kube_fake import Refused

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


def test_a_refused_restart_is_no_change(api, apply):
    context = apply()
    for change in context.result.changes:
        change.action = "unchanged"

    def refuse(method, path):
        raise Refused(403, "Forbidden", "no restarts")

    api.faults.append(refuse)
    with pytest.raises(KubeError, match="no restarts"):
        restart_unchanged(context, context.result.changes)
    assert not context.result.is_changed


def test_check_mode_predicts_the_restart(api, apply):
    apply()
    context = apply(check=True)
    for change in context.result.changes:
        change.action = "unchanged"
    restart_unchanged(context, context.result.changes)
    assert context.result.fields["restarted"] and ANNOTATION not in annotations(api)


def test_another_number_of_pods_is_no_restart(api, apply):
    apply()
    context = apply(replicas=3)
    (change,) = [one for one in context.result.changes if one.ref.kind == "Deployment"]
    assert change.changed
    restart_unchanged(context, context.result.changes)
    assert context.result.fields["restarted"] == ["Deployment default/web"]
    assert ANNOTATION in annotations(api) and api.get("deployments", "web")["spec"]["replicas"] == 3


def test_another_pod_template_is_a_restart_by_itself(api, apply):
    apply()
    context = apply(env={"A": "b"})
    restart_unchanged(context, context.result.changes)
    assert context.result.fields["restarted"] == [] and ANNOTATION not in annotations(api)
