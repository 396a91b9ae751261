"""Tests of ``minikube.prediction``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import plan
from ansible_collections.slipway.lab.plugins.module_utils.minikube.prediction import (
    prediction,
    summary,
)
from support.minikube_profile import desired, node, observed


def test_prediction_names_the_nodes_that_minikube_will_number():
    seen = observed(node("m03"))
    wanted = desired(nodes=4)
    after = prediction(wanted, seen, plan(wanted, seen), "")
    assert after["nodes"] == ["lab", "lab-m03", "lab-m04", "lab-m05"]


def test_a_new_profile_is_predicted_from_its_declaration():
    wanted = desired(nodes=2, memory="4g", container_runtime="containerd")
    seen = Observed("lab")
    after = prediction(wanted, seen, plan(wanted, seen), "")
    assert (after["nodes"], after["memory_mb"]) == (["lab", "lab-m02"], 4096)
    assert "base_image" not in after


def test_without_actions_nothing_changes():
    seen = observed(node("m02"))
    assert prediction(desired(), seen, [], "") == summary(seen)


def test_an_absent_profile_has_only_its_state():
    assert summary(Observed("lab")) == {"profile": "lab", "state": "absent"}
