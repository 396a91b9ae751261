"""Tests of ``minikube.profile_result``."""

from __future__ import annotations

from types import SimpleNamespace

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_result import (
    profile_result,
)
from support.minikube_profile import desired, node, observed


def context(url="", error="", state="started"):
    def api(seen):
        if error:
            raise ApiError(error)
        return SimpleNamespace(url=url)

    return SimpleNamespace(
        kubeconfig="/k", home="/h", desired=desired(state=state), reader=SimpleNamespace(api=api)
    )


def test_a_result_without_actions_reports_no_change():
    found = profile_result(context("https://10.0.0.1:8443"), observed(node("m02")), [], {}, {})
    assert not found["changed"]
    assert found["server"] == "https://10.0.0.1:8443"
    assert [entry["name"] for entry in found["nodes"]] == ["lab", "lab-m02"]


def test_the_server_is_left_out_without_an_address():
    found = profile_result(
        context(error="no address"), observed(), [Action("stop", "Stop")], {}, {}
    )
    assert found["changed"] and found["actions"] == ["Stop"]
    assert "server" not in found


def test_nodes_without_a_configuration_are_kept_with_a_warning():
    seen = Observed("lab", "orphaned", leftovers={"containers": ["lab"], "volumes": ["lab"]})
    (warning,) = profile_result(context(state="absent"), seen, [], {}, {})["warnings"]
    assert warning.startswith("lab of the profile lab are kept: no configuration in /h")
