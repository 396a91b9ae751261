from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.scale import (
    ScaleTask,
    scale_workloads,
)
from support.objects import deployment

OPTIONS = {"wait": True, "allow_autoscaled": False}


@pytest.fixture(autouse=True)
def web(api):
    return api.put("deployments", deployment())


def test_a_workload_is_scaled_and_waited_for(api, params):
    result = ScaleTask({**params, **OPTIONS, "name": "web", "replicas": "+2"}).run()
    (entry,) = result["workloads"]
    assert (entry["before"], entry["after"], result["changed"]) == (1, 3, True)
    assert api.get("deployments", "web")["spec"]["replicas"] == 3
    assert entry["state"]


def test_workloads_are_selected_by_labels(params):
    selector = {"selector": "app.kubernetes.io/name=web", "replicas": 0, "wait": False}
    result = ScaleTask({**params, **OPTIONS, **selector}).run()
    assert [entry["after"] for entry in result["workloads"]] == [0]


def test_check_mode_predicts(api, params):
    task = ScaleTask({**params, **OPTIONS, "name": "web", "replicas": 2}, check=True)
    assert task.run()["changed"] and not api.writes


def test_an_autoscaler_is_declared(api, module_of):
    bounds = {"min": 1, "max": 3, "cpu": 50}
    result = scale_workloads(module_of(**OPTIONS, name="web", autoscale=bounds))
    assert result["changed"] and api.get("horizontalpodautoscalers", "web")
    assert result["workloads"][0]["after"] == 1


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({}, "nothing is named"),
        ({"name": "web"}, "neither a number"),
        ({"name": "web", "autoscale": {"min": 2, "max": 1, "cpu": 1}}, "max 1 is less than min 2"),
    ],
)
def test_mistakes_are_reported_before_a_request(api, params, options, mistake):
    with pytest.raises(KubeError, match=mistake):
        ScaleTask({**params, **OPTIONS, **options}).run()
    assert api.log == []
