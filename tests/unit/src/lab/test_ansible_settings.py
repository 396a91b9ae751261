"""Tests of ``slipway.lab.ansible_settings``."""

from pathlib import Path

from slipway.lab.ansible_settings import ignored_settings, own_settings

ROOT = Path("/opt/slipway")


def test_slipways_configuration_counts_and_others_stay_as_they_are():
    assert own_settings(ROOT, {"ANSIBLE_FORKS": "7"}) == {
        "ANSIBLE_CONFIG": "/opt/slipway/ansible.cfg"
    }


def test_what_would_hide_modules_is_overridden_and_named():
    environ = {
        "ANSIBLE_CONFIG": "/home/ada/ansible.cfg",
        "ANSIBLE_LIBRARY": "/mine",
        "ANSIBLE_COLLECTIONS_PATH": "/more",
        "ANSIBLE_CALLBACKS_ENABLED": "timer",
    }
    own = own_settings(ROOT, environ)
    assert own["ANSIBLE_LIBRARY"] == "/opt/slipway/library"
    assert own["ANSIBLE_COLLECTIONS_PATH"] == "/opt/slipway/collections:/more"
    assert ignored_settings(ROOT, environ) == [
        "ANSIBLE_CALLBACKS_ENABLED", "ANSIBLE_CONFIG", "ANSIBLE_LIBRARY",
    ]  # fmt: skip
    assert ignored_settings(ROOT, {"ANSIBLE_CONFIG": "/opt/slipway/ansible.cfg"}) == []


def test_what_would_change_the_run_or_hide_an_inventory_is_overridden():
    environ = {
        "ANSIBLE_STRATEGY": "free",
        "ANSIBLE_FORCE_COLOR": "1",
        "ANSIBLE_INVENTORY_ENABLED": "netbox",
    }
    own = own_settings(ROOT, environ)
    assert own["ANSIBLE_STRATEGY"] == "linear" and own["ANSIBLE_FORCE_COLOR"] == "0"
    assert own["ANSIBLE_INVENTORY_ENABLED"].split(", ")[-2:] == ["toml", "netbox"]
    assert ignored_settings(ROOT, environ) == ["ANSIBLE_FORCE_COLOR", "ANSIBLE_STRATEGY"]
