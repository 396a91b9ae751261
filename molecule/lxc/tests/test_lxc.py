"""Containers as converge.yml declares them, on each release: systems, not processes."""

import re
import subprocess
from contextlib import contextmanager

import pytest

testinfra_hosts = ["ssh://debian13", "ssh://debian12"]


@pytest.fixture
def inside(host):
    """A function that runs a command in the container "system" and returns its output."""

    def run(command):
        with host.sudo():
            return host.check_output(f"lxc-attach --name system --clear-env -- sh -c '{command}'")

    return run


def info(host, name, field):
    """Return a field of lxc-info, or the address (``IP``)."""
    with host.sudo():
        return host.check_output(f"lxc-info --name {name} --no-humanize {field}")


def test_containers_are_in_their_declared_state(host):
    with host.sudo():
        assert set(host.check_output("lxc-ls -1").split()) == {"system", "by-hand", "small"}
        assert set(host.check_output("lxc-ls -1 --running").split()) == {"system", "by-hand"}


def test_init_runs_and_no_unit_failed(inside):
    assert inside("cat /proc/1/comm") == "systemd"
    assert inside("systemctl is-system-running") == "running"


def test_several_services_run(inside):
    running = inside("systemctl list-units --plain --no-legend --type service --state running")
    services = {line.split(".service")[0] for line in running.splitlines()}
    assert {"ssh", "systemd-journald", "systemd-networkd", "systemd-resolved"} <= services


def test_processes_and_host_name_are_its_own(host, inside):
    assert inside("hostname") == "system"
    assert int(inside("cat /proc/1/sched | head -1 | tr -dc 0-9 | head -c1")) == 1
    assert len(inside("ps -e --no-headers").splitlines()) < len(
        host.check_output("ps -e --no-headers").splitlines()
    )


def test_release_is_that_of_the_host(host, inside):
    assert inside(". /etc/os-release; echo $VERSION_ID") == host.system_info.release.split(".")[0]


def test_declared_settings_are_set(host):
    pid = info(host, "system", "--pid")
    with host.sudo():
        environment = host.file(f"/proc/{pid}/environ").content_string.split("\0")
    assert {"FLOOR=3", "ROOM=12"} <= set(environment)


def test_root_logs_in_by_ssh(host):
    address = info(host, "system", "--ips")
    assert address.startswith("10.0.3.")
    login = f"ssh -o StrictHostKeyChecking=accept-new -o BatchMode=yes root@{address} hostname"
    assert host.check_output(login) == "system"


def test_each_container_has_its_own_keys_and_machine_id(host):
    with host.sudo():
        for path in ("/etc/machine-id", "/etc/ssh/ssh_host_ed25519_key"):
            own = {
                host.file(f"/var/lib/lxc/{name}/rootfs{path}").content
                for name in ("system", "by-hand")
            }
            assert len(own) == 2


def test_container_reaches_its_package_source(inside):
    site = inside('apt-get indextargets --format "\\$(SITE)" | head -1')
    name = re.sub(r"^https?://|/.*", "", site)
    assert inside(f"getent hosts {name}")
    inside("apt-get update --error-on=any")


def test_containers_reach_each_other(host, inside):
    inside(f"ping -c1 -W2 {info(host, 'by-hand', '--ips')}")


@contextmanager
def packets_from(source):
    """Yield a function that counts the packets of a source that come to the control machine."""
    rule = f"PREROUTING --source {source}"

    def iptables(words):
        command = ["iptables", "-w", "-t", "raw", *words.split()]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def count():
        rules = iptables("-L PREROUTING -n -v -x")
        return int(re.search(rf"^\s*(\d+) .* {re.escape(source)} ", rules, re.MULTILINE)[1])

    iptables(f"-I {rule}")
    try:
        yield count
    finally:
        iptables(f"-D {rule}")


def test_no_address_of_a_container_leaves_the_host(host, inside):
    outside = {"debian13": "10.213.4.13", "debian12": "10.213.4.12"}[host.check_output("hostname")]
    with packets_from("10.0.3.0/24") as leaked, packets_from(outside) as came:
        before = came()
        inside("ping -c3 -i0.2 10.213.4.1")
        assert came() - before >= 3
        assert leaked() == 0


def test_no_packet_to_a_container_leaves_the_host_while_the_bridge_is_down(host):
    with host.sudo():
        host.check_output("ip link set lxcbr0 down")
        try:
            answer = host.run("ip route get 10.0.3.200")
        finally:
            host.check_output("ip link set lxcbr0 up")
    assert "unreachable" in answer.stdout + answer.stderr or "No route to host" in answer.stderr


def test_container_survives_its_main_program(host, inside):
    init = info(host, "system", "--pid")
    main = "systemctl show --property MainPID --value ssh"
    before = inside(main)
    inside(f"kill -9 {before}")
    inside('timeout 10 sh -c "until systemctl is-active --quiet ssh; do sleep 0.1; done"')
    assert inside(main) not in (before, "0")
    assert info(host, "system", "--pid") == init


def test_another_image_than_debian_is_a_system_too(host):
    with host.sudo():
        host.check_output("lxc-start --name small")
        try:
            tree = host.check_output("lxc-attach --name small -- ps")
        finally:
            host.check_output("lxc-stop --name small --kill")
    assert re.search(r"^\s*1 .*init", tree, re.MULTILINE)
