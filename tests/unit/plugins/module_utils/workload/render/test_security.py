from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.pod_security import (
    CONTAINER_DEFAULTS,
    POD_DEFAULTS,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.app import render_app
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.security import (
    pod_security_of,
    secured,
    violations_of,
)
from support.apps import app_spec

NON_ROOT = {"runAsUser": 1000}


def pod(**options) -> dict:
    (workload,) = render_app(app_spec(**options))
    return workload["spec"]["template"]["spec"]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"security_context": {"runAsUser": 0}},
        {"pod_security": "none", "security_context": NON_ROOT},
    ],
)
def test_nothing_is_added_when_the_declaration_does_not_exclude_root(options):
    spec = pod(**options)
    assert "securityContext" not in spec
    assert spec["containers"][0].get("securityContext") == options.get("security_context")


@pytest.mark.parametrize(
    "options",
    [
        {"security_context": NON_ROOT},
        {"security_context": {"runAsNonRoot": True}},
        {"pod_security_context": NON_ROOT},
        {"pod_security": "restricted"},
    ],
)
def test_the_profile_is_filled_in(options):
    spec = pod(containers=[{"name": "a", "security_context": options.get("security_context")}], **options)  # fmt: skip
    for name, value in POD_DEFAULTS.items():
        assert spec["securityContext"][name] == value
    for container in spec["containers"]:
        for name, value in CONTAINER_DEFAULTS.items():
            assert container["securityContext"][name] == value


def test_every_container_must_say_that_it_does_not_run_as_root():
    options = {"security_context": NON_ROOT, "init_containers": [{"name": "prepare"}]}
    assert "securityContext" not in pod(**options)


def test_a_declaration_that_contradicts_the_profile_stays_as_it_is():
    context = {**NON_ROOT, "capabilities": {"add": ["NET_RAW"]}}
    spec = pod(security_context=context)
    assert "securityContext" not in spec
    assert spec["containers"][0]["securityContext"] == context


def test_what_was_declared_wins():
    context = {**NON_ROOT, "seccompProfile": {"type": "Localhost", "localhostProfile": "p.json"}}
    spec = pod(security_context=context)
    assert spec["containers"][0]["securityContext"]["seccompProfile"] == context["seccompProfile"]


def test_the_result_names_what_keeps_pods_from_the_profile():
    app = app_spec(kind="CronJob", schedule="@daily", security_context=NON_ROOT)
    assert pod_security_of(app, render_app(app)) == {
        "namespace": "shop",
        "name": "web",
        "restricted": True,
        "violations": [],
    }
    app = app_spec(volumes=[{"name": "v", "mount": "/v", "host_path": "/x"}])
    found = pod_security_of(app, render_app(app))
    assert not found["restricted"] and "volume v: hostPath is not allowed" in found["violations"]


@pytest.mark.parametrize("spec", [None, {"template": None}, {"template": {"spec": "x"}}])
def test_a_workload_without_a_pod_is_left_to_the_api_server(spec):
    workload = {"kind": "Deployment", "spec": spec}
    assert secured(workload, "restricted") == {"kind": "Deployment", "spec": spec}
    assert violations_of(app_spec(), [workload]) == []
