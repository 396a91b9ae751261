"""After side_effect.yml nothing of Docker is left."""

import re

testinfra_hosts = ["ssh://debian13", "ssh://debian12"]


def test_no_package(host):
    assert not host.exists("dockerd")
    assert not host.package("docker.io").is_installed


def test_no_process(host):
    assert not host.process.filter(comm="dockerd")
    assert not host.process.filter(comm="containerd")


def test_no_data(host):
    with host.sudo():
        left = host.check_output("find /var/lib/docker /var/lib/containerd /etc/docker -mindepth 1")
    assert left == ""


def test_no_firewall_rules_and_no_bridge(host):
    with host.sudo():
        rules = host.check_output("iptables-save")
    # The outer engine, which runs the host, owns DOCKER_OUTPUT.
    assert not re.search(r"\bDOCKER\b|docker0", rules)
    assert not host.interface("docker0").exists
