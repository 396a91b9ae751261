"""Docker as converge.yml declares it, on each release."""

import json

import pytest

testinfra_hosts = ["ssh://debian13", "ssh://debian12"]


@pytest.fixture
def daemon(host):
    """Content of daemon.json."""
    return json.loads(host.file("/etc/docker/daemon.json").content_string)


def test_service_runs_and_starts_with_the_machine(host):
    service = host.service("docker")
    assert service.is_running
    assert service.is_enabled


def test_declared_settings_are_set(daemon):
    assert daemon["max-concurrent-downloads"] == 5
    assert daemon["insecure-registries"] == ["192.0.2.9:5000", "10.213.1.1:5081"]


def test_settings_of_somebody_else_are_kept(daemon):
    assert daemon["labels"] == ["room=12"]
    assert daemon["log-opts"]["max-size"] == "7m"


def test_null_removes_a_setting(daemon):
    assert "from-before" not in daemon


def test_defaults_fill_the_gaps(daemon):
    assert daemon["log-opts"]["max-file"] == "3"
    assert daemon["live-restore"] is True


def test_daemon_runs_with_these_settings(host):
    with host.sudo():
        info = json.loads(host.check_output("docker info --format '{{json .}}'"))
    assert info["LiveRestoreEnabled"] is True
    assert info["Labels"] == ["room=12"]
    assert "10.213.1.1:5081" in info["RegistryConfig"]["IndexConfigs"]


def test_user_runs_a_container_without_sudo(host):
    """The image is the host's own shell and what it links to: nothing is pulled."""
    image = (
        "tar -ch -C / bin/sh bin/cat"
        " $(ldd /bin/sh /bin/cat | grep -o '/[^ ]*' | sort -u | cut -c2-)"
        " | docker import - slipway-test 2>/dev/null"
    )
    assert "sha256:" in host.check_output(image)
    answer = host.check_output("docker run --rm slipway-test /bin/sh -c 'echo from inside $$'")
    assert answer == "from inside 1"


def test_container_does_not_see_the_cgroups_of_the_host(host):
    cgroups = host.check_output("docker run --rm slipway-test /bin/cat /proc/self/cgroup")
    assert "docker" not in cgroups
