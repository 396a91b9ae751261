"""Tests of the checks in ``slipway.doctor.network``."""

import pytest

from slipway.doctor import network
from slipway.doctor.docker_api import DockerState
from support.made_up_machine import put

ROUTES = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"


SOCKETS = "  sl  local_address rem_address   st\n"


def test_listening_sockets_of_both_families(machine):
    put(machine, "proc/net/tcp", f"{SOCKETS}0: 0100007F:13D8 00000000:0000 0A 0\n")
    put(machine, "proc/net/tcp6", f"{SOCKETS}0: {'0' * 32}:1F90 {'0' * 32}:0000 0A 0\n")
    assert list(network.listening(machine)) == [("127.0.0.1", 5080), ("::", 8080)]


def listens(machine, *sockets):
    rows = (f"{row}: {socket} 00000000:0000 0A 0\n" for row, socket in enumerate(sockets))
    put(machine, "proc/net/tcp", SOCKETS + "".join(rows))


def test_a_port_taken_on_another_address_is_free(machine):
    listens(machine, "0100007F:13D8")
    assert network.ports(machine).level == "ok"
    listens(machine, "00000000:13D8")
    assert network.ports(machine).level == "error"
    assert "5080" in network.ports(machine).message
    machine.arguments = ("-e", "mirror_files_port=5090")
    assert network.ports(machine).message == "5090, 5081, 5082 free"
    machine.docker = DockerState(version="26", containers=[{"State": "running"}])
    assert network.ports(machine).message == "used by the lab"


def test_a_host_that_runs_alone_does_not_hold_the_ports_of_the_mirror(machine):
    listens(machine, "00000000:13D8")
    host = {"State": "running", "Labels": {"slipway.role": "host"}}
    machine.docker = DockerState(version="26", containers=[host, {"State": "exited"}])
    assert "5080 taken by another program" in network.ports(machine).message


@pytest.mark.parametrize("group", ["/docker/{}", "/system.slice/docker-{}.scope"])
def test_ports_of_containers_that_outlive_their_engine_are_free_soon(machine, group):
    listens(machine, "00000000:13D8")
    put(machine, "proc/17/cgroup", f"4:memory:{group.format('ab' * 32)}\n0::/\n")
    put(machine, "proc/18/cgroup", "0::/user.slice\n")
    machine.docker = DockerState(problem="connection refused")
    assert network.ports(machine).message.startswith("used by containers of an engine")
    machine.docker = DockerState(version="26")
    assert network.ports(machine).level == "error"


WITH = ("-e", '{"slipway_services": ["registry"]}')


@pytest.mark.parametrize(
    ("socket", "variable"), [("0100D50A:1543", "registry_port"), ("0100D57F:13E2", "front_port")]
)
def test_ports_of_services_count_when_they_are_asked_for(machine, socket, variable):
    listens(machine, socket)
    assert network.ports(machine).message == "5080, 5081, 5082 free"
    machine.arguments = WITH
    assert network.ports(machine).level == "error"
    assert network.ports(machine).remedy.endswith(f"set {variable}")
    # Also beside a lab that has no services yet.
    machine.docker = DockerState(version="26", containers=[{"State": "running"}])
    assert network.ports(machine).level == "error"


def test_ports_of_services_that_a_lab_serves_are_its_own(machine):
    listens(machine, "0100D50A:1543", "0100D57F:13E2")
    listeners = machine.project.state / "mirror/listeners"
    listeners.mkdir(parents=True)
    for role in ("registry", "front"):
        (listeners / f"{role}.conf").touch()
    # The mirror is gone, and would listen there again.
    assert "5443 and 5090 taken" in network.ports(machine).message
    machine.docker = DockerState(version="26", containers=[{"State": "running"}])
    machine.arguments = WITH
    assert network.ports(machine).message == "used by the lab"


def test_a_route_into_the_labs_network_collides(machine):
    put(machine, "proc/net/route", f"{ROUTES}tun0\t0000D50A\t0\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n")
    assert network.networks(machine).level == "error"
    assert "10.213.0.0/16 on tun0" in network.networks(machine).message


def test_the_labs_own_bridge_and_refusals_do_not_collide(machine):
    machine.docker = DockerState(version="26", networks=[{"Id": "abcdef012345678"}])
    machine.variables = {"lab_hosts_internal_networks": ["10.96.0.0/12"]}
    rows = [
        "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
        "br-abcdef012345\t0000D50A\t0\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
        "*\t0000600A\t0\t0201\t0\t0\t0\t0000F0FF\t0\t0\t0",
    ]
    put(machine, "proc/net/route", ROUTES + "\n".join(rows) + "\n")
    assert network.networks(machine).level == "ok"
    put(machine, "proc/net/route", f"{ROUTES}wg0\t0000600A\t0\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
    assert network.networks(machine).level == "warning"


@pytest.mark.parametrize(
    ("lines", "level"),
    [
        ("nameserver 192.0.2.53\n", "ok"),
        ("nameserver 10.100.0.53\n", "error"),
        ("nameserver 10.100.0.53\nnameserver 192.0.2.53\n", "warning"),
        ("# nameserver 10.100.0.53\nnameserver\nnameserver fd00::1\nnameserver x.y.z.w\n", "ok"),
    ],
)
def test_name_servers_in_internal_networks_are_cut_off(machine, lines, level):
    machine.variables = {"lab_hosts_internal_networks": ["10.96.0.0/12"]}
    put(machine, "etc/resolv.conf", lines)
    assert network.networks(machine).level == level
    assert (level == "ok") == ("10.100.0.53" not in network.networks(machine).message)


def lab_bridge(machine, name, *ports):
    """Add a bridge that has the address of the lab's network."""
    row = f"{name}\t0000D50A\t0\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    put(machine, "proc/net/route", ROUTES + row)
    folder = machine.root / f"sys/class/net/{name}/brif"
    folder.mkdir(parents=True)
    for port in ports:
        (folder / port).touch()


@pytest.mark.parametrize("ports", [(), ("veth0",)], ids=["empty", "with-a-dead-containers-port"])
def test_a_bridge_of_a_killed_engine_does_not_collide(machine, ports):
    lab_bridge(machine, "br-abcdef012345", *ports)
    machine.docker = DockerState(problem="Connection refused")
    assert network.networks(machine).level == "ok"
    # A running engine lists its own bridges, so an unlisted one belongs to another program.
    machine.docker = DockerState(version="26")
    assert network.networks(machine).level == "error"


def test_a_bridge_of_another_program_collides(machine):
    lab_bridge(machine, "br-office", "eth1")
    machine.docker = DockerState(problem="Connection refused")
    assert network.networks(machine).level == "error"


def test_an_interface_that_is_not_a_bridge_collides(machine):
    row = "br-abcdef012345\t0000D50A\t0\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    put(machine, "proc/net/route", ROUTES + row)
    machine.docker = DockerState(problem="Connection refused")
    assert network.networks(machine).level == "error"


TEMPLATE = ("-e", "lab_hosts_subnet={{ slipway_subnet }}")


def test_a_new_lab_gets_a_network_that_no_route_leads_to(machine):
    machine.arguments = TEMPLATE
    assert network.networks(machine).message == "10.213.0.0/24 free"
    other = "br-ab\t0000D50A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"  # 10.213.0.0/24
    put(machine, "proc/net/route", ROUTES + other)
    assert network.networks(machine).message == "10.214.0.0/24 free"
    machine.arguments = ("-e", "lab_hosts_subnet=10.213.0.0/24")
    assert "10.213.0.0/24 collides with 10.213.0.0/24 on br-ab" in network.networks(machine).message


def test_an_existing_lab_keeps_its_network(machine):
    machine.arguments = TEMPLATE
    parts = {"Id": "c" * 64, "IPAM": {"Config": [{"Subnet": "10.220.0.0/24"}]}}
    machine.docker = DockerState(version="26", networks=[parts])
    assert str(network.subnet(machine)) == "10.220.0.0/24"
    machine.project.state.mkdir()
    (machine.project.state / "network.json").write_text('{"subnet": "10.221.0.0/24"}')
    assert str(network.subnet(machine)) == "10.221.0.0/24"


def test_network_of_a_flag_is_the_one_that_counts(machine):
    put(machine, "proc/net/route", f"{ROUTES}tun0\t0000D50A\t0\t1\t0\t0\t0\t80FFFFFF\t0\t0\t0\n")
    assert network.networks(machine).level == "error"
    machine.arguments = ("-e", "lab_hosts_subnet=10.214.0.0/24")
    assert network.networks(machine).message == "10.214.0.0/24 free"


def test_address_instead_of_a_network_is_named_with_the_network(machine):
    machine.arguments = ("-e", "lab_hosts_subnet=10.214.0.1/24")
    found = network.networks(machine)
    assert found.level == "error"
    assert found.remedy == "set lab_hosts_subnet: 10.214.0.0/24"
    assert network.ports(machine).level == "ok"


def test_ports_are_not_checked_without_docker(machine):
    machine.docker = DockerState(problem="no permission", denied=True)
    assert network.ports(machine).level == "ok"


def test_a_vpn_that_takes_all_traffic_does_not_collide(machine):
    halves = (f"tun0\t000000{first}\t0\t3\t0\t0\t0\t00000080\t0\t0\t0\n" for first in ("00", "80"))
    put(machine, "proc/net/route", ROUTES + "".join(halves))
    assert network.networks(machine).message == "10.213.0.0/24 free"


def test_a_free_network_is_proposed(machine):
    machine.arguments = ("-e", "lab_hosts_subnet=10.213.0.0/24")
    put(machine, "proc/net/route", f"{ROUTES}tun0\t0000000A\t0\t3\t0\t0\t0\t000000FF\t0\t0\t0\n")
    found = network.networks(machine)
    assert found.level == "error"
    assert "lab_hosts_subnet: 192.168.213.0/24" in found.remedy


def test_templates_are_left_to_ansible(machine):
    template = "{{ 5000 + 80 }}"
    machine.arguments = (
        "-e",
        f'{{"mirror_files_port": "{template}", "lab_hosts_internal_networks": "{template}"}}',
    )
    assert network.ports(machine).message == "5081, 5082 free"
    assert network.networks(machine).level == "ok"
