"""After give_back.yml the host is as prepare.yml left it, except for Docker's data."""

import json

testinfra_hosts = ["ssh://debian13", "ssh://debian12"]


def test_daemon_json_is_as_before(host):
    assert json.loads(host.file("/etc/docker/daemon.json").content_string) == {
        "log-opts": {"max-size": "7m"},
        "labels": ["room=12"],
        "from-before": True,
        "insecure-registries": ["192.0.2.9:5000"],
        # The value that drift.yml wrote.
        "max-concurrent-downloads": 4,
    }


def test_the_packages_are_as_before(host):
    now = "dpkg-query --show --showformat '${Package}\\n'"
    with host.sudo():
        assert host.check_output(now) == host.check_output("cat /root/packages-before")


def test_nothing_of_slipway_is_left(host):
    with host.sudo():
        assert host.check_output("find /etc -name '*slipway-docker*'") == ""
        assert not host.file("/var/lib/slipway").exists
