from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.service import (
    render_ingress,
    render_service,
)
from support.apps import app_spec


def test_a_service_has_the_ports_of_the_application():
    spec = render_service(app_spec(ports=["80:8080"]))["spec"]
    assert spec["ports"] == [{"name": "tcp-80", "port": 80, "targetPort": 8080, "protocol": "TCP"}]
    assert (spec["type"], "clusterIP" in spec) == ("ClusterIP", False)


def test_no_service_without_ports_unless_it_is_headless():
    assert render_service(app_spec()) is None
    assert render_service(app_spec(ports=[80], service_type="none")) is None
    headless = render_service(app_spec(kind="StatefulSet"))["spec"]
    assert (headless["type"], headless["clusterIP"]) == ("ClusterIP", "None")


def test_an_ingress_leads_to_the_first_port():
    assert render_ingress(app_spec()) is None
    ingress = {"path": "/", "path_type": "Prefix", "host": "a.example", "tls_secret": "cert"}
    spec = render_ingress(app_spec(ports=["80:8080", 90], ingress=ingress))["spec"]
    (rule,) = spec["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"] == {"service": {"name": "web", "port": {"number": 80}}}
    assert spec["tls"] == [{"secretName": "cert", "hosts": ["a.example"]}]


def test_annotations_of_the_service():
    annotations = {"example.com/internal": True}
    service = render_service(app_spec(ports=[80], service_annotations=annotations))
    assert service["metadata"]["annotations"] == {"example.com/internal": "True"}
