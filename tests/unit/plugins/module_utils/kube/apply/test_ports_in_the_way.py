"""Tests of ``kube.apply.ports_in_the_way``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import ports_in_the_way
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError

HTTP = {"name": "http", "port": 80, "protocol": "TCP"}
DNS = {"name": "dns", "port": 53, "protocol": "UDP"}
PLAIN = {"port": 80, "protocol": "TCP"}


def key(port):
    return f'k:{{"port":{port["port"]},"protocol":"{port["protocol"]}"}}'


def service(*ports, manager="other"):
    owned = {key(port): {".": {}, "f:port": {}} for port in ports}
    fields = {"f:spec": {"f:ports": {".": {}, **owned}, "f:type": {}}}
    entry = {"manager": manager, "operation": "Apply", "fieldsV1": fields}
    return {
        "kind": "Service",
        "metadata": {"name": "web", "managedFields": [entry]},
        "spec": {"ports": list(ports), "type": "ClusterIP"},
    }


def refusal(reason="FieldValueDuplicate", field="spec.ports[1].name"):
    causes = [{"reason": reason, "field": field}]
    return ApiError(422, {"details": {"causes": causes}}, "PATCH", "/x")


def found(declared, live, error):
    fields = ports_in_the_way.find({"spec": {"ports": declared}}, live, error)
    return set(fields.get("f:spec", {}).get("f:ports", {}))


@pytest.mark.parametrize(
    ("declared", "live", "error", "expected"),
    [
        ([{"name": "http", "port": 81}], service(HTTP, DNS), refusal(), {key(HTTP)}),
        ([{"name": "http", "port": 80}], service(HTTP), refusal(), set()),
        ([{"name": "web", "port": 81}], service(HTTP), refusal(), set()),
        ([{"name": "http", "port": 81}], service(HTTP), refusal(field="spec.type"), set()),
        ([{"port": 81}], service(PLAIN), refusal("FieldValueRequired"), {key(PLAIN)}),
        ([{"name": "a", "port": 81}], service(PLAIN), refusal("FieldValueRequired"), {key(PLAIN)}),
        ([{"port": 81}], service(HTTP), refusal("FieldValueRequired"), set()),
        ([{"name": "a", "port": 81}], service(PLAIN), refusal(), set()),
    ],
)
def test_ports_in_the_way_are_found(declared, live, error, expected):
    assert found(declared, live, error) == expected


def test_ports_of_containers_are_found_below_their_container():
    port = {"name": "http", "containerPort": 80, "protocol": "TCP"}
    name, container = 'k:{"containerPort":80,"protocol":"TCP"}', 'k:{"name":"a"}'
    fields = {"f:spec": {"f:containers": {container: {"f:ports": {name: {".": {}}}}}}}
    entry = {"manager": "other", "operation": "Update", "fieldsV1": fields}
    live = {"metadata": {"managedFields": [entry]}}
    live["spec"] = {"containers": [{"name": "a", "ports": [port]}]}
    obj = {"spec": {"containers": [{"name": "a", "ports": [{**port, "containerPort": 81}]}]}}
    error = refusal(field="spec.containers[0].ports[1].name")
    assert ports_in_the_way.find(obj, live, error) == fields


def test_the_owner_of_a_port_in_the_way_is_named():
    declared = {"spec": {"ports": [{"name": "http", "port": 81}]}}
    text = ports_in_the_way.explain(refusal(), service(HTTP), declared)
    assert "another manager (other)" in text and "force: true takes the port over" in text
    assert ports_in_the_way.explain(refusal(), service(DNS), declared) == ""
    assert ports_in_the_way.explain(refusal(), None, declared) == ""


def test_the_prediction_keeps_ports_that_are_not_in_the_way(client, monkeypatch):
    sent = []
    monkeypatch.setattr(client, "patch", lambda *words, **query: sent.append(words[1]))
    live = service(HTTP, {**DNS, "nodePort": 30053})
    fields = {"f:spec": {"f:ports": {key(HTTP): {".": {}, "f:port": {}}}}}
    obj = {"spec": {"ports": [{"name": "http", "port": 81}, DNS]}}
    ports_in_the_way.predict(client, "/x", obj, live, fields)
    (body,) = sent
    expected = [{"$patch": "replace"}, {**DNS, "nodePort": 30053}, {"name": "http", "port": 81}]
    assert body["spec"]["ports"] == expected
    assert obj["spec"]["ports"][0] == {"name": "http", "port": 81}
