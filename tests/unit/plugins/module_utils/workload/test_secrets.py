"""Tests of ``workload.secrets``."""

from __future__ import annotations

import base64
from types import SimpleNamespace

from ansible_collections.slipway.lab.plugins.module_utils.workload.secrets import hide_secrets

LONG = "correct-horse"


def module(**params):
    return SimpleNamespace(params=params, no_log_values={"2", LONG})


def test_ordinary_words_are_not_censored():
    one = module()
    hide_secrets(one, {"web", base64.b64encode(b"another-long-one").decode()})
    assert one.no_log_values == {LONG, "YW5vdGhlci1sb25nLW9uZQ=="}


def test_parameters_have_no_secret():
    secret = {"kind": "Secret", "metadata": {"name": "x"}, "stringData": {"password": "web"}}
    config = {"kind": "ConfigMap", "data": {"a": "b"}}
    text = "kind: Secret\nstringData: {password: web}\n"
    one = module(
        secrets={"password": "web"},
        apps=[{"name": "a", "secrets": {"pin": "2"}}, {"name": "b"}],
        manifests=[secret, config, text, "files/app.yml", [{"kind": "List", "items": [secret]}]],
    )
    hide_secrets(one, set())
    assert "web" not in str(one.params)
    assert one.params["apps"][0]["secrets"] == {"pin": "(hidden)"}
    assert one.params["manifests"][1] == config
    assert one.params["manifests"][3] == "files/app.yml"
