from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.app import render_app
from support.apps import app_spec


def test_an_application_is_rendered_to_all_of_its_objects():
    app = app_spec(
        config={"a": 1},
        secrets={"b": 2},
        volumes=[{"name": "data", "mount": "/data", "size": "1Gi"}],
        ports=[80],
        ingress={"path": "/", "path_type": "Prefix"},
        autoscale={"min": 1, "max": 3, "cpu": 50},
        disruption_budget={"max_unavailable": 1},
    )
    assert [obj["kind"] for obj in render_app(app)] == [
        "ConfigMap",
        "Secret",
        "PersistentVolumeClaim",
        "Service",
        "Deployment",
        "Ingress",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
    ]
    assert {obj["metadata"]["namespace"] for obj in render_app(app)} == {"shop"}


def test_every_object_of_a_kept_application_is_marked():
    app = app_spec(
        keep=True,
        config={"a": 1},
        secrets={"b": 2},
        volumes=[{"name": "data", "mount": "/data", "size": "1Gi"}],
        ports=[80],
        ingress={"path": "/", "path_type": "Prefix", "annotations": {"a": "b"}},
        autoscale={"min": 1, "max": 3, "cpu": 50},
        disruption_budget={"max_unavailable": 1},
        annotations={"x": "y"},
    )
    rendered = render_app(app)
    assert len(rendered) == 8
    for obj in rendered:
        assert obj["metadata"]["annotations"]["slipway/keep"] == "true"
        if obj["kind"] == "Deployment":
            assert obj["metadata"]["annotations"]["x"] == "y"
            template = obj["spec"]["template"]["metadata"]["annotations"]
            assert template["x"] == "y" and "slipway/keep" not in template


def test_the_overlay_of_a_kind_is_merged_into_each_of_its_objects():
    volumes = [{"name": name, "mount": f"/{name}", "size": "1Gi"} for name in ("a", "b")]
    overlay = {
        "PersistentVolumeClaim": {"spec": {"volumeMode": "Filesystem"}},
        "Deployment": {"spec": {"template": {"spec": {"hostNetwork": True}}}},
    }
    objects = render_app(app_spec(volumes=volumes, overlay=overlay))
    assert [obj["spec"].get("volumeMode") for obj in objects] == ["Filesystem", "Filesystem", None]
    assert objects[2]["spec"]["template"]["spec"]["hostNetwork"] is True
    assert objects[2]["spec"]["template"]["spec"]["containers"][0]["image"] == "web:1"


def test_the_profile_is_filled_in_after_the_overlay():
    spec = {"template": {"spec": {"securityContext": {"runAsUser": 1000, "runAsNonRoot": None}}}}
    (deployment,) = render_app(app_spec(overlay={"Deployment": {"spec": spec}}))
    context = deployment["spec"]["template"]["spec"]["securityContext"]
    assert context["runAsUser"] == 1000 and context["runAsNonRoot"] is True
