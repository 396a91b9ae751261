"""Preflight checks against made-up machines."""

import socket
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from slipway.doctor import CHECKS, docker, examine, has_errors, kernel, network, resources, tools
from slipway.doctor.checks import Check
from slipway.doctor.docker_api import DockerState, docker_state
from slipway.doctor.findings import ok
from slipway.doctor.machine import Machine
from slipway.doctor.roles import MachineRole
from slipway.lab.project import Project
from support.loopback import LoopbackServer

ROOT = Path(__file__).resolve().parents[2]
ROUTES = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
SOCKETS = "  sl  local_address rem_address   st\n"


@pytest.fixture
def machine(tmp_path):
    """A machine with nothing on it."""
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project/roles").symlink_to(ROOT / "roles")
    project = Project(
        root=tmp_path / "project",
        cache=tmp_path / "cache",
        state=tmp_path / "state",
        lab="demo",
        inventories=(str(tmp_path / "hosts.yml"),),
    )
    made = Machine(project, root=root, environ={"PATH": str(tmp_path / "bin")}, uid=0)
    made.docker = DockerState()
    return made


def put(machine, path, text=""):
    target = machine.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def tool(machine, name, script="exit 0"):
    target = Path(machine.environ["PATH"]) / name
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"#!/bin/sh\n{script}\n")
    target.chmod(0o755)


@pytest.mark.parametrize(
    ("kib", "level"),
    [(2 * 2**20, "error"), (4 * 2**20, "warning"), (8 * 2**20, "ok")],
)
def test_memory(machine, kib, level):
    put(machine, "proc/meminfo", f"MemTotal: 1 kB\nMemAvailable: {kib} kB\n")
    assert resources.memory(machine).level == level


def test_memory_within_the_limit_of_a_container(machine):
    put(machine, "proc/meminfo", f"MemAvailable: {64 * 2**20} kB\n")
    put(machine, "sys/fs/cgroup/memory.max", str(4 * 2**30))
    put(machine, "sys/fs/cgroup/memory.current", str(2**30))
    assert resources.memory_available(machine) == 3 * 2**30
    put(machine, "sys/fs/cgroup/memory.max", "max")
    assert resources.memory_available(machine) == 64 * 2**30


def test_memory_that_the_lab_itself_uses_is_no_trouble(machine):
    put(machine, "proc/meminfo", "MemAvailable: 1024 kB\n")
    machine.docker = DockerState(version="26", containers=[{"State": "running"}])
    assert resources.memory(machine).level == "ok"


def test_a_disk_is_found_before_its_directory_exists(machine):
    assert "free for" in resources.cache_disk(machine).message


def test_overlay(machine):
    assert kernel.overlay(machine).level == "error"
    put(machine, "proc/filesystems", "nodev\toverlay\n")
    assert kernel.overlay(machine).level == "ok"


def test_a_module_that_can_be_loaded_will_do(machine):
    assert kernel.bridge(machine).level == "error"
    put(machine, "proc/sys/kernel/osrelease", "6.1\n")
    put(machine, "lib/modules/6.1/modules.dep", "kernel/net/bridge/br_netfilter.ko.xz: a.ko\n")
    assert kernel.bridge(machine).level == "ok"


def test_devices(machine):
    assert "/dev/kmsg" in kernel.devices(machine).message
    assert kernel.devices(machine).level == "error"
    put(machine, "dev/kmsg")
    assert kernel.devices(machine).level == "warning"
    put(machine, "dev/fuse")
    put(machine, "dev/net/tun")
    assert kernel.devices(machine).level == "ok"


def test_control_groups_of_both_versions(machine):
    assert kernel.cgroups(machine).level == "error"
    for name in kernel.CONTROLLERS:
        put(machine, f"sys/fs/cgroup/{name}/tasks")
    assert kernel.cgroups(machine).message == "version 1"
    put(machine, "sys/fs/cgroup/cgroup.controllers", "cpu pids cpuset\n")
    assert kernel.cgroups(machine).message == "version 2 without memory"


@pytest.mark.parametrize(
    ("bits", "level", "word"),
    [
        ("000001ffffffffff", "ok", "all"),
        ("000001fffeffffff", "ok", "no CAP_SYS_RESOURCE"),
        ("00000000a80425fb", "error", "CAP_NET_ADMIN, CAP_SYS_ADMIN"),
        ("0", "error", "CAP_SYS_ADMIN"),
    ],
)
def test_capabilities(machine, bits, level, word):
    put(machine, "proc/self/status", f"Name:\tx\nCapBnd:\t{bits}\n")
    found = kernel.capabilities(machine)
    assert found.level == level
    assert word in found.message


def test_inotify(machine):
    assert kernel.inotify(machine).level == "ok"
    put(machine, "proc/sys/fs/inotify/max_user_instances", "64\n")
    assert kernel.inotify(machine).level == "warning"


def test_privileges(machine):
    assert tools.privileges(machine).level == "ok"
    machine.uid = 1000
    assert tools.privileges(machine).level == "error"
    machine.arguments = ("--become-password-file=x",)
    tool(machine, "sudo", "exit 1")
    assert tools.privileges(machine).level == "ok"
    machine.arguments = ()
    machine.docker = DockerState(version="26")
    assert tools.privileges(machine).level == "warning"
    tool(machine, "sudo")
    assert tools.privileges(machine).message == "sudo without a password"


def test_ssh(machine):
    assert tools.ssh(machine).remedy == "sudo apt-get install -y openssh-client"
    tool(machine, "ssh")
    tool(machine, "ssh-keygen")
    assert tools.ssh(machine).level == "ok"


@pytest.mark.parametrize(
    ("version", "word"), [("go1.26.8", "1.26.8"), ("go1.19", "older"), ("", "broken")]
)
def test_go(machine, version, word):
    machine.variables = {"slipway_versions": {"go_minimum": "1.26.0"}}
    assert "none" in tools.go(machine).message
    tool(machine, "go", f"echo {version}")
    assert word in tools.go(machine).message


@pytest.mark.parametrize(
    ("state", "level", "word"),
    [
        (DockerState(version="26.1.5"), "ok", "26.1.5"),
        (DockerState(version="19.3"), "error", "too old"),
        (DockerState(problem="x", denied=True), "error", "may not use"),
        (DockerState(problem="DOCKER_HOST is tcp://x", remote=True), "error", "tcp"),
    ],
)
def test_docker(machine, state, level, word):
    machine.docker = state
    assert docker.engine(machine).level == level
    assert word in docker.engine(machine).message


def test_docker_that_is_absent_can_be_installed_where_there_is_apt(machine):
    machine.docker = DockerState(problem="No such file")
    assert docker.engine(machine).level == "error"
    tool(machine, "apt-get")
    assert docker.engine(machine).level == "ok"
    tool(machine, "dockerd")
    assert "not running" in docker.engine(machine).message


def test_the_daemon_is_asked_over_its_socket(tmp_path):
    assert docker_state({"DOCKER_HOST": "tcp://127.0.0.1:1"}, "demo").remote
    assert docker_state({"DOCKER_HOST": f"unix://{tmp_path}/none"}, "demo").problem


def test_a_daemon_that_answers_nonsense_is_not_running(tmp_path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s"))
    server.listen()

    def answer():
        connection, _ = server.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        connection.close()

    threading.Thread(target=answer, daemon=True).start()
    state = docker_state({"DOCKER_HOST": f"unix://{tmp_path}/s"}, "demo")
    server.close()
    assert not state.running
    assert state.problem


def test_leftovers(machine):
    assert docker.leftovers(machine).message == "none"
    machine.docker = DockerState(version="26", containers=[{"State": "exited"}])
    assert docker.leftovers(machine).level == "warning"
    machine.project.state.mkdir()
    (machine.project.state / "lock").write_text(
        '{"pid": 1, "user": "u", "command": "slipway up", "since": 0, "run": "none"}'
    )
    assert "was cut off" in docker.leftovers(machine).message


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
    machine.arguments = ("-e", "mirror_files_port=5082")
    assert network.ports(machine).message == "5082, 5081 free"
    machine.docker = DockerState(version="26", containers=[{"State": "running"}])
    assert network.ports(machine).message == "used by the lab"


WITH = ("-e", '{"slipway_services": ["registry"]}')


@pytest.mark.parametrize(
    ("socket", "variable"), [("0100D50A:1543", "registry_port"), ("0100D57F:13E2", "front_port")]
)
def test_ports_of_services_count_when_they_are_asked_for(machine, socket, variable):
    listens(machine, socket)
    assert network.ports(machine).message == "5080, 5081 free"
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


def test_a_bridge_of_a_killed_engine_does_not_collide(machine):
    row = "br-abcdef012345\t0000D50A\t0\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    put(machine, "proc/net/route", ROUTES + row)
    assert network.networks(machine).level == "error"
    ports = machine.root / "sys/class/net/br-abcdef012345/brif"
    ports.mkdir(parents=True)
    machine.docker = DockerState(problem="Connection refused")
    assert network.networks(machine).level == "ok"
    (ports / "veth0").touch()
    assert network.networks(machine).level == "error"
    (ports / "veth0").unlink()
    machine.docker = DockerState(version="26")
    assert network.networks(machine).level == "error"


@pytest.fixture
def site():
    """A server that has a release file, and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200 if "kubectl" in self.path else 404)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with LoopbackServer(Handler) as server:
        yield server.url


def sources_of(machine, release, apt, wanted="auto"):
    machine.variables = {
        "mirror_release_kubernetes_url": release,
        "slipway_versions": {"kubernetes": "v1"},
        "slipway_source": wanted,
    }
    put(machine, "etc/apt/sources.list.d/debian.sources", f"# a comment\nURIs: {apt}\n")
    return network.sources(machine)


def test_sources(machine, site):
    dead = "http://127.0.0.1:9"
    assert sources_of(machine, site, dead).message == "official releases"
    assert "registries" in sources_of(machine, dead, site).message
    assert "registries" in sources_of(machine, site, site, "build").message
    assert sources_of(machine, dead, site, "release").level == "error"
    assert sources_of(machine, dead, dead).level == "error"
    (machine.project.cache / "artifacts").mkdir(parents=True)
    assert sources_of(machine, dead, dead).level == "warning"


def inventory(machine, text):
    Path(machine.project.inventories[0]).write_text(text)
    return machine.role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("all: {children: {lab_hosts: {hosts: {lab1: {}}}}}", MachineRole.CARRIER),
        (
            "all: {children: {minikube_hosts: {hosts: {me: {ansible_connection: local}}}}}",
            MachineRole.HOST,
        ),
        (
            "all: {children: {minikube_hosts: {hosts: {far: {ansible_host: 192.0.2.1}}}}}",
            MachineRole.CONTROLLER,
        ),
        ("[ini]\nfar\n", MachineRole.CONTROLLER),
    ],
)
def test_the_inventory_tells_what_the_machine_is_for(machine, text, role):
    assert inventory(machine, text) == role


def test_variables_of_a_later_inventory_win(machine, tmp_path):
    folder = tmp_path / "group_vars/all"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text("lab_hosts_subnet: 10.1.0.0/24\n")
    (folder / "b.yml").write_text("lab_hosts_subnet: 10.2.0.0/24\n")
    assert str(network.subnet(machine)) == "10.2.0.0/24"


def test_a_check_that_breaks_is_an_error_of_its_own(machine):
    def broken(_):
        raise OSError("gone")

    machine.role = MachineRole.CONTROLLER
    roles = frozenset({MachineRole.CONTROLLER})
    table = (Check("one", broken, roles), Check("two", lambda _: ok("fine"), roles))
    findings = examine(machine, table)
    assert [(one.check, one.level) for one in findings] == [("one", "error"), ("two", "ok")]
    assert has_errors(findings)


def test_every_finding_that_is_not_ok_has_a_remedy(machine):
    machine.role = MachineRole.CARRIER
    findings = examine(machine)
    assert [one.check for one in findings] == [check.name for check in CHECKS]
    assert all(one.remedy for one in findings if one.level != "ok")


def test_this_checkouts_own_lab_is_carried_here():
    lab = Project(ROOT, ROOT, ROOT / "none", "default", (str(ROOT / "inventories/lab"),))
    assert Machine(lab).role == MachineRole.CARRIER
    ports = network.wanted_ports(Machine(lab, arguments=WITH))
    assert {5443, 5090} <= {port.number for port in ports}
