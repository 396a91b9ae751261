from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ServiceProbe,
    ready_addresses,
)


def service(**port):
    spec = {"ports": [{"port": 9000, **port}]}
    return {"metadata": {"name": "web", "namespace": "default"}, "spec": spec}


def asked_by_a_probe(scheme=None, port="page"):
    """A template whose container is asked over HTTP at the port that the Service leads to."""
    asked = {"port": port, **({"scheme": scheme} if scheme else {})}
    own = {"name": "page", "containerPort": 9000}
    return {
        "spec": {"containers": [{"ports": [own], "livenessProbe": {"httpGet": asked}}]},
    }


@pytest.mark.parametrize(
    ("port", "template", "options", "scheme"),
    [
        ({}, None, {}, "tcp"),
        ({"protocol": "UDP"}, None, {}, "none"),
        ({"protocol": "UDP", "name": "http"}, None, {}, "none"),
        ({"appProtocol": "HTTPS"}, None, {}, "https"),
        ({"appProtocol": "kubernetes.io/ws"}, None, {}, "http"),
        ({"appProtocol": "kubernetes.io/h2c", "port": 80}, None, {}, "tcp"),
        ({"appProtocol": "grpc", "name": "http"}, None, {}, "tcp"),
        ({"name": "http"}, None, {}, "http"),
        ({"name": "web-admin"}, None, {}, "http"),
        ({"name": "https-admin"}, None, {}, "https"),
        ({"name": "httpd"}, None, {}, "tcp"),
        ({"name": "grpc-web", "port": 80}, None, {}, "tcp"),
        ({"name": "page", "port": 8443}, None, {}, "https"),
        ({"port": 80}, None, {}, "http"),
        ({}, asked_by_a_probe(), {}, "http"),
        ({}, asked_by_a_probe("HTTPS", 9000), {}, "https"),
        ({"targetPort": "page"}, asked_by_a_probe(port=9000), {}, "http"),
        ({"targetPort": 9001}, asked_by_a_probe(), {}, "tcp"),
        ({}, None, {"path": "/health"}, "http"),
        ({"name": "https"}, None, {"path": "/health"}, "https"),
        ({"name": "http"}, None, {"scheme": "tcp"}, "tcp"),
        ({}, None, {"url": "https://shop.example.com/"}, "https"),
    ],
)
def test_the_protocol_of_a_service(port, template, options, scheme):
    assert ServiceProbe(None, service(**port), options, template).scheme == scheme


def test_a_name_of_another_server_is_not_asked():
    external = service(name="http")
    external["spec"]["type"] = "ExternalName"
    assert ServiceProbe(None, external, None).scheme == "none"


@pytest.mark.parametrize(
    ("status", "body", "serves"),
    [
        (404, {}, True),
        (404, {"kind": "Status", "message": "no such shop"}, True),
        (404, {"kind": "Status", "details": {"kind": "services"}}, False),
        (403, {"kind": "Status", "details": {"kind": "shops"}}, True),
        (500, {"kind": "Status", "message": "error trying to reach service: refused"}, False),
        (500, {"kind": "Error"}, False),
        (503, {"kind": "Status", "message": "no endpoints available for service web"}, False),
        (502, {"kind": "Status"}, False),
    ],
)
def test_a_status_of_the_application_is_its_answer(api, client, status, body, serves):
    path = "/api/v1/namespaces/default/services/web%3A9000/proxy/"
    api.answers[path] = lambda: (status, json.dumps(body).encode())
    good, text = ServiceProbe(client, service(), {"scheme": "http"}).run()
    assert good is serves, text


def test_ready_addresses_count_the_larger_family():
    def part(family, *ready):
        endpoints = [{"addresses": ["x"], "conditions": {"ready": r}} for r in ready]
        return {"addressType": family, "endpoints": endpoints}

    assert ready_addresses([part("IPv4", True, False), part("IPv4", True), part("IPv6", True)]) == 2
    assert ready_addresses([]) == 0
