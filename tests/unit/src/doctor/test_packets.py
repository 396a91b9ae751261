"""Tests of the checks in ``slipway.doctor.packets``."""

import pytest

from slipway.doctor import packets
from slipway.doctor.docker_api import DockerState
from support.made_up_machine import put, tool

ROUTES = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
IPV6_DEFAULT = (
    f"{'0' * 32} 00 {'0' * 32} 00 fe80{'0' * 27}1 00000400 00000001 00000000 00000003 eth0\n"
)


def test_forwarding_that_something_turned_off(machine):
    put(machine, "proc/sys/net/ipv4/ip_forward", "0\n")
    assert packets.forwarding(machine).level == "ok"  # the engine turns it on
    machine.docker = DockerState(problem="no permission", denied=True)
    assert packets.forwarding(machine).level == "error"
    machine.docker = DockerState(version="28")
    assert "ip_forward=1" in packets.forwarding(machine).remedy
    put(machine, "proc/sys/net/ipv4/ip_forward", "1\n")
    assert packets.forwarding(machine).level == "ok"


def test_a_machine_with_ipv6_only(machine):
    put(machine, "proc/net/route", ROUTES)
    assert packets.forwarding(machine).level == "ok"  # no network at all
    put(machine, "proc/net/ipv6_route", IPV6_DEFAULT)
    assert packets.forwarding(machine).level == "warning"
    put(
        machine, "proc/net/route", f"{ROUTES}eth0\t00000000\t01\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    )
    assert packets.forwarding(machine).level == "ok"


def test_an_engine_without_firewall_rules(machine):
    put(machine, "etc/docker/daemon.json", '{"iptables": false}')
    assert "masquerade" in packets.firewall(machine).remedy


@pytest.mark.parametrize(
    ("legacy", "uid", "level"), [(1, 0, "error"), (0, 0, "ok"), (4, 0, "ok"), (1, 1000, "ok")]
)
def test_an_engine_whose_rules_were_removed(machine, legacy, uid, level):
    tool(machine, "iptables", "exit 1")
    tool(machine, "iptables-legacy", f"exit {legacy}")
    machine.uid = uid
    assert packets.firewall(machine).level == "ok"  # no engine runs
    put(machine, "var/run/docker.pid", "77\n")
    put(machine, "proc/77/comm", "dockerd\n")
    assert packets.firewall(machine).level == level


@pytest.mark.parametrize(
    ("enabled", "policy", "rules", "level"),
    [
        ("no", "DROP", "", "ok"),
        ("yes", "ACCEPT", "", "ok"),
        ("yes", "DROP", "", "warning"),
        ("yes", "REJECT", "-A ufw-user-input -p tcp --dport 22 -j ACCEPT\n", "warning"),
        ("yes", "DROP", "-A ufw-user-input -s 192.168.0.0/16 -j ACCEPT\n", "warning"),
        ("yes", "DROP", "-A ufw-user-input -s 10.213.0.0/24 -j ACCEPT\n", "ok"),
        ("yes", "DROP", "-A ufw-user-input -p tcp -s 10.0.0.0/8 --dport 5080 -j ACCEPT\n", "ok"),
        ("yes", "DROP", "-A ufw-user-input -s x -j ACCEPT\n", "warning"),
    ],
)
def test_ufw_lets_hosts_reach_the_mirror(machine, enabled, policy, rules, level):
    put(machine, "etc/ufw/ufw.conf", f"# comment\nENABLED={enabled}\n")
    put(machine, "etc/default/ufw", f'DEFAULT_INPUT_POLICY="{policy}"\n')
    put(machine, "etc/ufw/user.rules", rules)
    found = packets.firewall(machine)
    assert found.level == level
    assert level == "ok" or found.remedy == "sudo ufw allow from 10.213.0.0/24"


@pytest.mark.parametrize(
    ("rule", "uid", "remedy"),
    [
        ("-P INPUT DROP", 0, "sudo iptables -I INPUT -s 10.213.0.0/24 -j ACCEPT"),
        ("-A FORWARD -j DROP", 0, "sudo iptables -I FORWARD -s 10.213.0.0/24 -j ACCEPT"),
        ("-P INPUT DROP", 1000, ""),  # only root can list rules
        ("-P INPUT ACCEPT", 0, ""),
    ],
)
def test_a_rule_that_separates_hosts_is_named(machine, rule, uid, remedy):
    tool(machine, "iptables", f"echo '{rule}'")
    machine.uid = uid
    found = packets.firewall(machine)
    assert (found.remedy, rule in found.message) == (remedy, bool(remedy))
