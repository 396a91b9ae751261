from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import APP_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.workload.arguments import APP_OPTIONS


def errors_of(**options) -> str:
    return " ".join(ArgumentSpecValidator(APP_OPTIONS).validate(options).error_messages)


def test_a_complete_application_is_accepted():
    assert not errors_of(
        name="web",
        kind="StatefulSet",
        volumes=[{"name": "data", "mount": "/data", "size": "1Gi"}],
        probes={"readiness": {"http": "/"}},
    )


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"kind": "Pod"}, "kind must be one of"),
        ({"probes": {"readiness": {"http": "/", "tcp": 80}}}, "mutually exclusive"),
        ({"volumes": [{"name": "d", "mount": "/d"}]}, "one of the following is required: size"),
        ({"hooks": {"pre_stop": {"sleep": 1, "exec": ["x"]}}}, "mutually exclusive"),
        ({"env_from": [{"prefix": "X_"}]}, "one of the following is required: config_map"),
        ({"containers": [{"image": "x"}]}, "missing required arguments: name"),
        (
            {"containers": [{"name": "x", "sidecar": True}]},
            "containers.sidecar. Supported parameters",
        ),
        ({"disruption_budget": {}}, "one of the following is required: min_available"),
    ],
)
def test_contradictions_are_refused(options, error):
    assert error in errors_of(**options)


def test_an_application_may_be_of_every_kind_of_the_table():
    assert APP_OPTIONS["kind"]["choices"] == list(APP_KINDS)


def test_secrets_are_not_logged():
    assert APP_OPTIONS["secrets"]["no_log"]
