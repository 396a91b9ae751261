"""Tests of ``slipway.doctor.packet_filter``."""

import ipaddress

import pytest

from slipway.doctor.packet_filter import Packet, parse_rules, refusing_rule

HOSTS = ipaddress.IPv4Network("10.213.0.0/24")
TO_MIRROR = Packet(HOSTS, "br-0123456789ab", ipaddress.IPv4Address("10.213.0.1"), 5080)
TO_WORLD = Packet(HOSTS, "br-0123456789ab", None, 443)
USUAL = """\
-P INPUT DROP
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
"""


@pytest.mark.parametrize(
    ("rules", "refused"),
    [
        (USUAL, "-P INPUT DROP"),
        (f"{USUAL}-A INPUT -s 10.0.0.0/8 -j ACCEPT\n", ""),
        (f"{USUAL}-A INPUT -s 10.213.0.0/24 -p udp -j ACCEPT\n", "-P INPUT DROP"),
        (f"{USUAL}-A INPUT -i br-+ -j ACCEPT\n", ""),
        (f"{USUAL}-A INPUT ! -i eth0 -j ACCEPT\n", ""),
        (f"{USUAL}-A INPUT -p tcp -m multiport --dports 80,5000:5100 -j ACCEPT\n", ""),
        (f"{USUAL}-A INPUT -m limit --limit 3/min -j LOG --log-prefix 'drop: '\n", "-P INPUT DROP"),
        (f"{USUAL}-A INPUT -m set --match-set known src -j ACCEPT\n", ""),
        ("-P INPUT ACCEPT\n-A INPUT -j own\n-A own -j REJECT --reject-with x\n",
         "-A own -j REJECT --reject-with x"),
        ("-P INPUT ACCEPT\n-A INPUT -j own\n-A own -s 10.213.0.0/16 -j RETURN\n-A own -j DROP\n", ""),
        ("-P INPUT ACCEPT\n-A INPUT -s 10.213.0.128/25 -j DROP\n", ""),
        ("-P INPUT ACCEPT\n-A INPUT -m comment --comment 'no guests' -s 10.0.0.0/8 -j DROP\n",
         "-A INPUT -m comment --comment 'no guests' -s 10.0.0.0/8 -j DROP"),
        ("", ""),
    ],
)  # fmt: skip
def test_rules_before_the_mirror(rules, refused):
    assert refusing_rule(parse_rules(rules), "INPUT", TO_MIRROR) == refused


@pytest.mark.parametrize(
    ("rules", "refused"),
    [
        ("-P FORWARD DROP\n", ""),  # Docker accepts the packets of its networks
        ("-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n-A FORWARD -j DOCKER-FORWARD\n-A DOCKER-USER -j RETURN\n", ""),
        ("-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -s 10.0.0.0/8 -j DROP\n", "-A DOCKER-USER -s 10.0.0.0/8 -j DROP"),
        ("-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -d 192.168.0.0/16 -j DROP\n", ""),
        ("-A FORWARD -j DOCKER-USER\n-A DOCKER-USER ! -s 192.168.0.0/16 -i eth0 -j DROP\n", ""),
        ("-A FORWARD -j REJECT\n-A FORWARD -j DOCKER-USER\n", "-A FORWARD -j REJECT"),
        ("-A FORWARD -j DOCKER-FORWARD\n-A FORWARD -j REJECT\n", ""),
    ],
)  # fmt: skip
def test_rules_before_the_world(rules, refused):
    assert refusing_rule(parse_rules(rules), "FORWARD", TO_WORLD) == refused
