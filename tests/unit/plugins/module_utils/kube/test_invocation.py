"""Tests of ``kube.invocation``."""

from __future__ import annotations

import json

import yaml

from ansible_collections.slipway.lab.plugins.module_utils.kube.invocation import (
    credentials_in,
    without_secrets,
)

KUBECONFIG = {
    "users": [
        {
            "name": "me",
            "user": {
                "token": "t0ken",
                "client-key-data": "a2V5",
                "auth-provider": {"config": {"id-token": "oidc"}},
            },
        }
    ],
    "current-context": "lab",
}


def test_parameters_have_no_secret():
    secret = {"kind": "Secret", "metadata": {"name": "x"}, "stringData": {"password": "hunter2"}}
    config = {"kind": "ConfigMap", "data": {"a": "b"}}
    text = "kind: Secret\nstringData: {password: hunter2}\n"
    shown = without_secrets(
        {
            "secrets": {"password": "hunter2"},
            "apps": [{"name": "a", "secrets": {"pin": "hunter2"}}, {"name": "b", "secrets": None}],
            "manifests": [secret, config, text, "a.yml", [{"kind": "List", "items": [secret]}]],
            "replicas": 2,
        }
    )
    assert "hunter2" not in str(shown)
    assert shown["apps"] == [
        {"name": "a", "secrets": {"pin": "(hidden)"}},
        {"name": "b", "secrets": None},
    ]
    assert shown["manifests"][1] == config and shown["manifests"][3] == "a.yml"
    assert shown["replicas"] == 2


def test_a_misspelled_secret_keeps_its_keys_only():
    for content in (
        {"kind": "secrets", "data": {"a": "aHVudGVyMg=="}},
        {"stringData": {"a": "hunter2"}},
    ):
        (shown,) = (part for part in without_secrets(content).values() if isinstance(part, dict))
        assert shown == {"a": "(hidden)"}


def test_a_patch_of_a_secret_keeps_its_keys_only():
    patch = {"kind": "Secret", "name": "x", "patch": {"stringData": {"a": "hunter2"}}}
    assert without_secrets(patch)["patch"] == {"stringData": {"a": "(hidden)"}}
    text = '[{"op": "add", "path": "/stringData/a", "value": "hunter2"}]'
    assert without_secrets({**patch, "patch": text})["patch"] == "(hidden)"


def test_a_kubeconfig_keeps_its_names_only():
    shown = without_secrets({"kubeconfig": KUBECONFIG})["kubeconfig"]
    assert shown["current-context"] == "lab" and shown["users"][0]["name"] == "me"
    assert credentials_in(shown) == {"(hidden)"}
    for text in (json.dumps(KUBECONFIG), yaml.safe_dump(KUBECONFIG)):
        assert without_secrets({"kubeconfig": text}) == {
            "kubeconfig": "(hidden): text with credentials"
        }


def test_text_that_only_speaks_of_tokens_is_shown():
    text = "kind: ConfigMap\ndata: {about: How a token expires, tokens: '3', x: my-token: y}\n"
    assert without_secrets(text) == text


def test_credentials_of_a_kubeconfig_are_found():
    expected = {"t0ken", "a2V5", "oidc"}
    assert credentials_in(KUBECONFIG) == credentials_in(json.dumps(KUBECONFIG)) == expected
    assert credentials_in(yaml.safe_dump(KUBECONFIG)) == expected
    assert credentials_in("~/.kube/config") == credentials_in(None) == credentials_in("{:") == set()


def test_what_the_controller_rendered_and_values_of_charts_are_left_out():
    rendered = {"text": "kind: Secret", "source": "app.yml"}
    chart = {"helm": {"chart": "shop", "values": {"password": "hunter2"}, "crds": True}}
    assert without_secrets({"manifests": [rendered, chart]})["manifests"] == [
        {"source": "app.yml"},
        {"helm": {"chart": "shop", "crds": True}},
    ]
