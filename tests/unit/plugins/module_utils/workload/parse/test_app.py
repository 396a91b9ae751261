from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.app import (
    default_service_type,
)
from support.apps import app_mistakes, app_spec


def test_options_that_were_not_given_are_empty():
    app = app_spec(replicas=None)
    assert (app.kind, app.namespace, app.service_type) == ("Deployment", "shop", "ClusterIP")
    assert app.replicas is None and app.ports == [] and app.labels == {}


def test_values_of_labels_and_annotations_become_text():
    app = app_spec(labels={"tier": 1}, annotations={"public": True})
    assert app.labels == {"tier": "1"}
    assert app.annotations == {"public": "True"}


@pytest.mark.parametrize(
    ("kind", "service_type"),
    [
        ("Deployment", "ClusterIP"),
        ("StatefulSet", "Headless"),
        ("Job", "none"),
        ("CronJob", "none"),
    ],
)
def test_each_kind_has_a_service_type_that_suits_it(kind, service_type):
    assert default_service_type(kind) == service_type


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"name": ""}, "web: name is missing"),
        ({"image": ""}, "web: image is missing"),
        ({"kind": "DaemonSet", "replicas": 2}, "web.replicas: a DaemonSet has none"),
        ({"replicas": -1}, "web.replicas: -1 is too small, at least 0"),
        ({"replicas": 1, "autoscale": {"min": 1, "max": 2, "cpu": 50}}, "the autoscaler owns the number"),
        ({"kind": "CronJob"}, "web: a CronJob needs schedule"),
        ({"kind": "CronJob", "schedule": "@daily", "name": "a" * 53}, "at most 52 characters"),
        ({"ingress": {"path": "/"}}, "web.ingress: needs ports"),
        ({"service_annotations": {"a": "b"}}, "web.service_annotations: needs a Service: declare ports"),
        ({"priority_class": "No"}, "web.priority_class: 'No' is not a valid"),
        ({"time_zone": "Asia/Seoul"}, "web.time_zone: a Deployment has none"),
        ({"kind": "Job", "ttl_after_finished": -1}, "web.ttl_after_finished: -1 is too small"),
        ({"labels": {"app.kubernetes.io/name": "x"}}, "is set from the name"),
    ],
)  # fmt: skip
def test_each_mistake_is_reported_with_its_place(options, mistake):
    assert any(mistake in found for found in app_mistakes(**options))


def test_all_mistakes_are_reported_together():
    found = app_mistakes(name="Web", image="Web", ports=["x"], min_ready_seconds=-1)
    assert len(found) == 4


def test_a_name_without_a_service_may_start_with_a_digit():
    assert app_mistakes(name="1web", kind="Job") == []
    assert "RFC 1035" in app_mistakes(name="1web")[0]
