from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.apps import (
    MAX_APPS,
    parse_apps,
)

WEB = {"name": "web", "image": "web:1"}


@pytest.fixture
def errors():
    return ValidationErrors()


def test_one_application_or_many(errors):
    single = parse_apps({"state": "present", **WEB}, "shop", errors)
    assert [(spec.namespace, spec.name) for spec in single.specs] == [("shop", "web")]
    apps = [WEB, {**WEB, "name": "b", "namespace": "other", "after": ["shop/web"]}]
    many = parse_apps({"state": "present", "apps": apps}, "shop", errors)
    assert many.stages == {("shop", "web"): 0, ("other", "b"): 1}
    assert parse_apps({"state": "present"}, "shop", errors).specs == [] and not errors.found


def test_absent_applications_need_only_a_valid_name(errors):
    declared = parse_apps({"state": "absent", "apps": [{"name": "A"}]}, "shop", errors)
    assert declared.specs == [] and declared.removed == [{"name": "A", "namespace": "shop"}]
    assert errors.found[0].startswith("apps[0].name: ")


def test_options_of_an_application_have_no_effect_beside_apps(errors):
    parse_apps({"state": "present", "apps": [WEB], "namespace": "x", "replicas": 2}, "x", errors)
    assert [text.split(":")[0] for text in errors.found] == ["replicas"]


def test_a_task_has_a_limited_number_of_applications(errors):
    with pytest.raises(KubeError, match="too many for one task"):
        parse_apps({"state": "present", "apps": [WEB] * (MAX_APPS + 1)}, "x", errors)
