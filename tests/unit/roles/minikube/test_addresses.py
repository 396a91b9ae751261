"""roles/minikube/files/addresses.py: the way to the addresses of LoadBalancer Services, on a simulated host."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[4] / "roles/minikube/files/addresses.py"
BRIDGE = "br-0123456789ab"


@pytest.fixture
def addresses(monkeypatch):
    spec = importlib.util.spec_from_file_location("addresses", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "SECONDS", 0)
    return module


class Host:
    """A host with simulated ip, iptables and docker commands."""

    def __init__(self, module):
        self.error = module.AddressError
        self.subnet, self.containers = "192.168.49.0/24", {"minikube": "192.168.49.2/24"}
        self.interfaces = {"lo": "127.0.0.1/8", "eth0": "10.213.0.11/24", BRIDGE: "192.168.49.1/24"}
        self.routes, self.proxied, self.rules = [], [], []
        self.answering, self.has_chain, self.has_network = {}, True, True
        self.commands = []

    def run(self, *command):
        self.commands.append(" ".join(command))
        program, *words = command
        return getattr(self, program)(words) or ""

    def docker(self, words):
        if not self.has_network:
            raise self.error(f"network {words[-1]} not found")
        named = {
            name: {"Name": name, "IPv4Address": where} for name, where in self.containers.items()
        }
        ipam = {"Config": [{"Subnet": self.subnet}]}
        return json.dumps([{"Id": BRIDGE[3:] + "cdef", "IPAM": ipam, "Containers": named}])

    def ip(self, words):
        text = " ".join(words)
        if "address show" in text:
            return json.dumps([self.interface(*one) for one in self.interfaces.items()])
        if "route show" in text:
            return json.dumps([{"dst": network} for network in self.routes])
        if text.startswith("route"):
            (self.routes.append if words[1] == "add" else self.routes.remove)(words[2])
        elif "show proxy" in text:
            return "".join(f"{address} proxy \n" for address in self.proxied)
        elif text.startswith("neigh"):
            assert words[4:] == ["dev", "eth0"]
            (self.proxied.append if words[1] == "add" else self.proxied.remove)(words[3])
        else:
            found = [{"dst": one, "lladdr": mac} for one, mac in self.answering.items()]
            return json.dumps([*found, {"dst": "10.213.0.225", "state": ["FAILED"]}])
        return ""

    def interface(self, name, where):
        local, _, length = where.partition("/")
        return {"ifname": name, "addr_info": [{"local": local, "prefixlen": int(length)}]}

    def iptables(self, words):
        action, rule = words[0], words[2:]
        if not self.has_chain or (action == "-C" and rule not in self.rules):
            raise self.error("no such chain or rule")
        if action in ("-I", "-D"):
            (self.rules.append if action == "-I" else self.rules.remove)(rule)


@pytest.fixture
def host(addresses, monkeypatch):
    simulated = Host(addresses)
    monkeypatch.setattr(addresses, "run", simulated.run)
    return simulated


@pytest.fixture
def program(addresses, host, monkeypatch, capsys):
    """Run the program; its value is what it printed, or its error."""

    class Asking:
        def __init__(self, *kind):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def setsockopt(self, *option):
            assert option[2] == b"eth0"

        def sendto(self, data, target):
            raise OSError

    monkeypatch.setattr(addresses.socket, "socket", Asking)

    def call(*words):
        code = addresses.main(list(words))
        printed = capsys.readouterr()
        return json.loads(printed.out) if code == 0 else printed.err

    return call


def test_by_default_the_addresses_are_a_part_of_the_nodes_network(program, host):
    found = program("up", "minikube")
    assert found == {"network": "192.168.49.224/28", "changes": []}
    assert (host.routes, host.proxied, host.rules) == ([], [], [])


def test_for_a_network_of_the_host_the_host_answers_and_forwards(program, host):
    first = program("up", "minikube", "10.213.0.224/28")
    assert first["network"] == "10.213.0.224/28" and len(first["changes"]) == 18
    assert host.routes == ["10.213.0.224/28"]
    assert (host.proxied[0], host.proxied[-1]) == ("10.213.0.224", "10.213.0.239")
    forward = ["-i", "eth0", "-o", BRIDGE, "-d", "10.213.0.224/28", "-j", "ACCEPT"]
    assert host.rules == [forward]
    assert program("up", "minikube", "10.213.0.224/28")["changes"] == []


def test_what_is_lost_is_added_again(program, host):
    program("up", "minikube", "10.213.0.224/28")
    host.rules.clear()
    host.proxied.remove("10.213.0.230")
    assert len(program("up", "minikube", "10.213.0.224/28")["changes"]) == 2
    assert "10.213.0.230" in host.proxied and len(host.rules) == 1


def test_another_network_replaces_the_former_one(program, host):
    program("up", "minikube", "10.213.0.224/28")
    program("up", "minikube", "10.213.0.208/28")
    assert host.routes == ["10.213.0.208/28"] and len(host.proxied) == 16
    assert [rule[5] for rule in host.rules] == ["10.213.0.208/28"]


def test_the_interfaces_are_read_once(program, host):
    for words in (
        ("up", "minikube", "10.213.0.224/28"),
        ("up", "minikube", "10.213.0.208/28"),
        ("down", "minikube"),
    ):
        host.commands.clear()
        program(*words)
        assert len([one for one in host.commands if "address show" in one]) == 1


def test_down_removes_everything(program, host):
    program("up", "minikube", "10.213.0.224/28")
    assert len(program("down", "minikube")["changes"]) == 18
    assert (host.routes, host.proxied, host.rules) == ([], [], [])
    host.has_network = False
    assert program("down", "minikube") == {"network": "", "changes": []}
    assert "has no network" in program("up", "minikube")


def test_check_changes_nothing(program, host):
    assert len(program("--check", "up", "minikube", "10.213.0.224/28")["changes"]) == 18
    assert (host.routes, host.proxied, host.rules) == ([], [], [])


def test_a_routed_network_needs_only_the_route(program, host):
    assert program("up", "minikube", "172.20.0.0/28")["changes"] == [
        "route 172.20.0.0/28 to the nodes"
    ]
    assert (host.proxied, host.rules) == ([], [])


def test_an_engine_without_the_chain_forwards_by_itself(program, host):
    host.has_chain = False
    assert len(program("up", "minikube", "10.213.0.224/28")["changes"]) == 17


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ("192.168.49.0/28", f"192.168.49.1 (this host ({BRIDGE})), 192.168.49.2 (minikube)"),
        ("10.213.0.0/28", "10.213.0.11 (this host (eth0))"),
        ("10.213.0.32/28", "10.213.0.33 (the machine aa:bb at eth0)"),
        ("192.168.0.0/16", "too large"),
        ("192.168.48.0/23", "too large"),
        ("192.168.49.240/28", "broadcast"),
        ("10.213.0.225/28", "has host bits set"),
        ("fd00::/64", "fd00::"),
    ],
)
def test_unfit_addresses_are_refused_before_any_change(program, host, network, said):
    host.answering = {"10.213.0.33": "aa:bb", "10.213.0.1": "cc:dd"}
    assert said in program("up", "minikube", network)
    assert (host.routes, host.proxied, host.rules) == ([], [], [])


def test_a_network_around_the_nodes_is_refused(program, host):
    host.subnet = "192.168.49.0/26"
    assert "contains the network of the nodes" in program("up", "minikube", "192.168.49.0/24")


def test_when_the_host_starts_nobody_is_asked(program, host):
    host.answering = {"10.213.0.230": "aa:bb"}
    assert program("--known", "up", "minikube", "10.213.0.224/28")["changes"]


def test_a_small_network_of_nodes_has_no_room(program, host):
    host.subnet = "192.168.49.0/27"
    assert "too small" in program("up", "minikube")
