from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.config import (
    render_config_map,
    render_secret,
)
from support.apps import app_spec


def test_config_becomes_a_config_map():
    assert render_config_map(app_spec()) is None
    rendered = render_config_map(app_spec(config={"A": 1, "B": False}))
    assert (rendered["kind"], rendered["data"]) == ("ConfigMap", {"A": "1", "B": "false"})


def test_secrets_are_encoded():
    assert render_secret(app_spec()) is None
    rendered = render_secret(app_spec(secrets={"password": "q"}))
    assert (rendered["kind"], rendered["data"]) == ("Secret", {"password": "cQ=="})
