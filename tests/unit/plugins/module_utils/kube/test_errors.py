import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    ConfigError,
    KubeError,
    UnreachableError,
    raise_together,
)


@pytest.mark.parametrize("error", [ConfigError, UnreachableError, ApiError])
def test_errors_form_one_family(error):
    assert issubclass(error, KubeError)
    assert issubclass(error, SlipwayError)


def test_errors_are_raised_together():
    raise_together([1, "two"])
    answers = [1, KubeError("a", changed=True), KubeError("b", changed=False)]
    with pytest.raises(KubeError, match="a\nb") as caught:
        raise_together(answers, changed=False, rest=1)
    assert caught.value.result == {"changed": True, "rest": 1}


def api_error(status, message="", causes=(), reason=""):
    body = {"message": message, "reason": reason, "details": {"causes": list(causes)}}
    return ApiError(status, body, "PATCH", "/api/v1/pods/web?force=true")


@pytest.mark.parametrize(
    ("status", "transient"),
    [(429, True), (500, True), (503, True), (504, True), (404, False), (409, False), (501, False)],
)
def test_transient_statuses(status, transient):
    assert api_error(status).transient is transient


def test_immutable_field_is_recognized():
    assert api_error(422, "spec.selector: Field is immutable").immutable
    assert not api_error(422, "spec.replicas: Invalid value").immutable
    assert api_error(422, "spec.a: Value is read-only after creation").immutable
    assert not api_error(400, "field is immutable").immutable
    assert api_error(400, 'webhook "a" denied the request: x is immutable').immutable
    assert api_error(403, "policy 'a' denied request: x is immutable").immutable
    fields = 'webhook "a" denied the request: an update may not change these fields: spec.a'
    assert api_error(400, fields).immutable
    assert not api_error(403, "policy 'a' denied request: you may not change shops").immutable
    assert not api_error(403, "policy 'a' denied request: updates to x are frozen").immutable


def test_conflicts_name_field_and_owner():
    cause = {
        "reason": "FieldManagerConflict",
        "field": ".spec.replicas",
        "message": 'conflict with "kubectl" using apps/v1',
    }
    error = api_error(409, causes=[cause, {"reason": "Other", "field": ".x"}])
    assert error.conflicts() == [{"field": ".spec.replicas", "owner": "kubectl"}]


@pytest.mark.parametrize(
    ("status", "message", "text"),
    [
        (401, "Unauthorized", "renew it or choose another context"),
        (403, "pods is forbidden", "not allowed (RBAC or admission): pods is forbidden"),
        (403, 'User "system:anonymous" cannot list', "recognized no credentials in the request"),
        (403, "", "not allowed (RBAC or admission): PATCH /api/v1/pods/web"),
        (404, "", "is that the port of a Kubernetes API?"),
        (404, 'pods "web" not found', 'pods "web" not found'),
        (500, 'failed calling webhook "a.b": refused', "repair what serves the webhook"),
        (503, "", "is that the port of a Kubernetes API?"),
        (500, "conversion webhook for x.com/v1, Kind=X failed: refused", "(spec.conversion of"),
    ],
)
def test_text_names_cause_or_next_step(status, message, text):
    assert text in str(api_error(status, message))


@pytest.mark.parametrize("rest", ["", "/namespaces/shop/widgets/w"])
def test_a_dead_group_of_another_server_is_named(rest):
    text = str(ApiError(503, {}, "GET", f"/apis/metrics.k8s.io/v1beta1{rest}"))
    assert "API group metrics.k8s.io;" in text and "apiservice v1beta1.metrics.k8s.io`" in text
    usual = str(ApiError(503, {"message": "starting"}, "GET", "/apis/metrics.k8s.io/v1beta1"))
    assert usual == "starting"


def test_answer_without_json_has_a_reason():
    error = ApiError(502, [], "GET", "/")
    assert error.reason == "HTTP 502"
    assert error.result == {"status": 502, "reason": "HTTP 502"}


def test_a_number_in_the_place_of_a_string_is_explained():
    message = '.spec.env[name="A"].value: expected string, got &value.valueUnstructured{Value:1}'
    error = ApiError(422, {"message": message}, "PATCH", "/x")
    assert str(error) == '.spec.env[name="A"].value: 1 is not a string; quote it'


def test_an_entry_that_is_given_twice_has_a_next_step():
    message = '.spec.ports: duplicate entries for key [containerPort=80,protocol="TCP"]'
    error = ApiError(500, {"message": message}, "PATCH", "/x")
    assert str(error).endswith("so remove the repeated one")


def test_the_number_of_a_port_as_text_is_explained():
    message = (
        'spec.ports[0].targetPort: Invalid value: "80": must contain at least one letter (a-z)'
    )
    text = str(ApiError(422, {"message": message}, "PATCH", "/x"))
    assert '"80": is text and no number' in text and "int" in text


def test_text_in_the_place_of_a_number_is_explained():
    message = ".spec.replicas: expected numeric (int or float), got string"
    error = ApiError(500, {"message": message}, "PATCH", "/x")
    assert str(error).startswith(".spec.replicas: is text and no number") and "int" in str(error)


@pytest.mark.parametrize(
    ("given", "explained"),
    [
        ("list, got &{/bin/sh}", ".spec: must be a list; begin each entry with a dash"),
        ("list, got &{map[a:1]}", ".spec: must be a list; begin each entry with a dash"),
        ("map, got &{[{a 1}]}", ".spec: must be a mapping of keys to values"),
    ],
)
def test_a_value_of_another_form_is_explained(given, explained):
    error = ApiError(500, {"message": f".spec: expected {given}"}, "PATCH", "/x")
    assert str(error) == explained


def test_a_refused_patch_does_not_quote_the_object():
    whole = r"{\"kind\":\"Secret\",\"data\":{\"a\":\"Y2FuYXJ5\"},\"note\":\"\\\": \"}"
    message = f' "" is invalid: patch: Invalid value: "{whole}": unknown field "zz"'
    assert str(api_error(422, message)) == 'the patch is not valid: unknown field "zz"'
