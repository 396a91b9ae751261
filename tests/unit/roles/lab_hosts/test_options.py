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


def value(name: str, **variables):
    every = {}
    for part in ("defaults", "vars"):
        every.update(trust(yaml.safe_load((ROLE / part / "main.yml").read_text())))
    return Templar(DataLoader(), variables=every | variables).template(
        trust_as_template("{{ " + name + " }}")
    )


def options(has_sys_resource: bool, **variables):
    own = {"__lab_hosts_has_sys_resource": has_sys_resource, "__lab_hosts_engine": "20.10.24"}
    return value("__lab_hosts_options", **own, **variables)


@pytest.mark.parametrize("has_sys_resource", [True, False])
def test_only_hosts_that_ask_for_all_devices_get_them(has_sys_resource):
    usual = options(has_sys_resource)
    # Another key would change the label of hosts that exist, which then count as outdated.
    assert "device_cgroup_rules" not in usual
    asked = options(has_sys_resource, lab_hosts_all_devices=True)
    assert asked == {**usual, "device_cgroup_rules": ["a *:* rwm"]}


@pytest.mark.parametrize(
    ("lines", "resolver"),
    [
        (["nameserver 192.0.2.1", "search a.example"], "search a.example\nnameserver 192.0.2.1\n"),
        # The lab's network has no IPv6, and each name server that does not answer costs seconds.
        (["nameserver fe80::1%eth0", "nameserver 192.0.2.1"], "nameserver 192.0.2.1\n"),
        # Docker's own resolver asks the machine's, over IPv6 too.
        (["nameserver 2001:db8::53", "nameserver ::1", "nameserver 127.0.0.53"], ""),
        (["# nameserver 192.0.2.1", "nameserver\t192.0.2.2"], "nameserver\t192.0.2.2\n"),
    ],
)
def test_a_host_gets_name_servers_that_it_can_reach(lines, resolver):
    assert value("__lab_hosts_resolver", __lab_hosts_resolver_lines=lines) == resolver
