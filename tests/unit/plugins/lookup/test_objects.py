"""Tests of the lookup ``objects``."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleLookupError

from ansible_collections.slipway.lab.plugins.lookup.objects import LookupModule
from support.kube_fake import FakeApi


@pytest.fixture
def api():
    with FakeApi() as fake:
        for name in ("a", "b"):
            metadata = {"name": name, "namespace": "default", "managedFields": [{}]}
            fake.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
        secret = {"metadata": {"name": "s", "namespace": "default"}, "data": {"key": "dG9w"}}
        fake.put("secrets", secret)
        yield fake


def look(api, *terms, **options):
    return LookupModule().run(list(terms), {}, host=api.url, **options)


def test_terms_are_names(api):
    assert [obj["metadata"]["name"] for obj in look(api, "b", kind="ConfigMap")] == ["b"]
    assert [obj["metadata"]["name"] for obj in look(api, kind="ConfigMap")] == ["a", "b"]
    assert look(api, "none", kind="ConfigMap") == []


def test_options_are_those_of_the_module(api):
    (secret,) = look(api, kind="Secret", fields="data")
    assert secret["data"] == {"key": "(hidden)"}
    assert look(api, kind="Secret", show_secrets="yes")[0]["data"] == {"key": "dG9w"}


def test_the_connection_comes_from_the_environment_too(api, monkeypatch):
    monkeypatch.setenv("K8S_AUTH_HOST", api.url)
    assert len(LookupModule().run([], kind="ConfigMap")) == 2


@pytest.mark.parametrize(
    ("terms", "options", "text"),
    [
        ((), {}, "missing required arguments: kind"),
        ((), {"kind": "Pod", "colour": "red"}, "colour"),
        (("a",), {"kind": "Pod", "label_selector": "x=y"}, "mutually exclusive"),
        ((), {"kind": "Certificate"}, "does not serve the kind Certificate"),
    ],
)
def test_mistakes_are_errors_of_the_lookup(api, terms, options, text):
    with pytest.raises(AnsibleLookupError, match=text):
        look(api, *terms, **options)
