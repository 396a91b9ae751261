"""Tests of the checks in ``slipway.doctor.machine``."""

from pathlib import Path

import pytest

from slipway.doctor import network
from slipway.doctor.machine import Machine
from slipway.doctor.roles import MachineRole
from slipway.lab.project import Project

WITH = ("-e", '{"slipway_services": ["registry"]}')
ROOT = Path(__file__).resolve().parents[4]


def inventory(machine, text):
    Path(machine.project.inventories[0]).write_text(text)
    del machine.groups
    return machine.role


@pytest.mark.slow
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


@pytest.mark.parametrize("name", ["all", "all.json", "all/first", "all/first.yml"])
def test_files_of_variables_have_any_name_that_ansible_reads(machine, tmp_path, name):
    path = tmp_path / "group_vars" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"lab_hosts_subnet": "10.1.0.0/24"}')
    (path.parent / "old.yml~").write_text("lab_hosts_subnet: 10.2.0.0/24\n")
    (path.parent / ".hidden.yml").write_text("lab_hosts_subnet: 10.3.0.0/24\n")
    assert str(network.subnet(machine)) == "10.1.0.0/24"


@pytest.mark.slow
def test_variables_in_the_inventory_itself_count(machine):
    text = "[control]\nlocalhost\n[all:vars]\nlab_hosts_subnet=10.99.0.0/24\n"
    inventory(machine, text)
    assert str(network.subnet(machine)) == "10.99.0.0/24"


@pytest.mark.slow
def test_this_checkouts_own_lab_is_carried_here():
    lab = Project(ROOT, ROOT, ROOT / "none", "default", (str(ROOT / "inventories/lab"),))
    assert Machine(lab).role == MachineRole.CARRIER
    ports = network.wanted_ports(Machine(lab, arguments=WITH))
    assert {5443, 5090} <= {port.number for port in ports}
