from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.scaling import (
    render_autoscaler,
    render_budget,
    render_strategy,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import (
    AutoscaleSpec,
    StrategySpec,
)
from support.apps import app_spec


def test_an_autoscaler_targets_its_workload():
    target = ObjectRef("apps/v1", "Deployment", "shop", "web")
    rendered = render_autoscaler(target, {"a": "b"}, AutoscaleSpec(1, 4, cpu=50))
    assert rendered["metadata"]["labels"]["a"] == "b"
    assert rendered["spec"]["scaleTargetRef"] == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": "web",
    }
    (metric,) = rendered["spec"]["metrics"]
    assert metric["resource"]["name"] == "cpu"
    assert metric["resource"]["target"]["averageUtilization"] == 50


def test_a_budget_selects_the_pods_of_the_application():
    assert render_budget(app_spec()) is None
    rendered = render_budget(app_spec(disruption_budget={"min_available": "50%"}))
    assert rendered["spec"] == {
        "selector": {"matchLabels": {"app.kubernetes.io/name": "web"}},
        "minAvailable": "50%",
    }


def test_bounds_of_a_rolling_update_are_rendered_only_when_given():
    assert render_strategy(StrategySpec("Recreate")) == {"type": "Recreate"}
    assert render_strategy(StrategySpec("RollingUpdate", max_surge=0)) == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": 0},
    }
