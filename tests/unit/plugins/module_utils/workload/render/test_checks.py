from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.app import render_app
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.checks import (
    check_rendered,
)
from support.apps import app_spec


def mistakes(**options) -> list[str]:
    errors, app = ValidationErrors(), app_spec(**options)
    check_rendered(app, render_app(app), errors, "web")
    return errors.found


@pytest.mark.parametrize(
    ("overlay", "mistake"),
    [
        ({"Ingress": {}}, "web.overlay.Ingress: the application has no object of this kind; it has ConfigMap,"),
        ({"Deployment": {"kind": "Pod"}}, "web.overlay.Deployment.kind: identifies the object"),
        ({"Deployment": {"metadata": {"name": "x"}}}, "web.overlay.Deployment.metadata.name: identifies the object"),
        ({"Deployment": {"metadata": None}}, "web.overlay.Deployment.metadata: None is not a mapping"),
        ({"ConfigMap": {"data": {}}}, "web.overlay.ConfigMap.data: belongs to the option config"),
        ({"Secret": {"stringData": {}}}, "web.overlay.Secret.stringData: belongs to the option secrets"),
    ],
)  # fmt: skip
def test_mistakes_in_an_overlay(overlay, mistake):
    (found,) = mistakes(config={"a": 1}, secrets={"b": 1}, overlay=overlay)
    assert found.startswith(mistake)


def test_an_overlay_of_rendered_kinds_is_accepted():
    overlay = {
        "Deployment": {"metadata": {"labels": {"a": "b"}}, "spec": {"paused": True}},
        "ConfigMap": {"immutable": True},
    }
    assert mistakes(config={"a": 1}, overlay=overlay) == []


def test_restricted_pods_must_not_contradict_the_profile():
    assert mistakes(pod_security="restricted") == []
    contradiction = {"security_context": {"privileged": True, "runAsUser": 0}}
    assert mistakes(**contradiction) == []
    found = mistakes(pod_security="restricted", **contradiction)
    place = "web.pod_security: restricted does not allow this: container web"
    assert found == [f"{place}: privileged is True", f"{place}: runAsUser is 0"]
