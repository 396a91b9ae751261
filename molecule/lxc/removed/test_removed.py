"""After remove.yml nothing of LXC is left."""

import re

testinfra_hosts = ["ssh://debian13", "ssh://debian12"]


def test_no_package(host):
    assert not host.exists("lxc-start")
    assert not host.package("lxc").is_installed


def test_no_process(host):
    processes = host.check_output("ps -e -o args")
    assert "lxc" not in processes


def test_no_network(host):
    assert not host.interface("lxcbr0").exists
    with host.sudo():
        rules = host.check_output("iptables-save")
        routes = host.check_output("ip route show table all")
    assert "lxcbr0" not in rules
    assert "10.0.3." not in rules + routes


def test_no_file(host):
    with host.sudo():
        left = host.check_output(
            "ls -d /var/lib/lxc /var/cache/lxc /etc/lxc /etc/default/lxc* /run/lxc"
            " /etc/systemd/system/*/lxc* /etc/systemd/system/lxc* 2>/dev/null || true"
        )
    assert left == ""


def test_no_cgroup(host):
    with host.sudo():
        found = host.check_output("find /sys/fs/cgroup -type d -name 'lxc.*'")
    # On cgroup v1 all hosts of this machine share one hierarchy, which may contain containers of other labs.
    assert not re.search(
        r"lxc\.(payload|monitor)\.(system|by-hand|small)(-\d+)?$", found, re.MULTILINE
    )


def test_docker_still_lets_containers_out(host):
    """The removal keeps the firewall rules of other programs."""
    with host.sudo():
        assert "docker0" in host.check_output("iptables-save")
