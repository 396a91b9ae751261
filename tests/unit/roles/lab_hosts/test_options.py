"""roles/lab_hosts: options of a container host."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = Path(__file__).parents[4] / "roles/lab_hosts"


def trust(value):
    if isinstance(value, dict):
        return {key: trust(item) for key, item in value.items()}
    if isinstance(value, list):
        return [trust(item) for item in value]
    return trust_as_template(value) if isinstance(value, str) else value


def options(has_sys_resource: bool, **variables):
    every = {}
    for name in ("defaults", "vars"):
        every.update(trust(yaml.safe_load((ROLE / name / "main.yml").read_text())))
    every |= {"__lab_hosts_has_sys_resource": has_sys_resource, "__lab_hosts_engine": "20.10.24"}
    return Templar(DataLoader(), variables=every | variables).template(
        trust_as_template("{{ __lab_hosts_options }}")
    )


@pytest.mark.parametrize("has_sys_resource", [True, False])
def test_only_hosts_that_ask_for_all_devices_get_them(has_sys_resource):
    usual = options(has_sys_resource)
    # Another key would change the label of hosts that exist, which then count as outdated.
    assert "device_cgroup_rules" not in usual
    asked = options(has_sys_resource, lab_hosts_all_devices=True)
    assert asked == {**usual, "device_cgroup_rules": ["a *:* rwm"]}
