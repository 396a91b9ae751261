"""Misspelt names and wrong values of roles' variables, against what the roles declare."""

from pathlib import Path

import pytest

from slipway.doctor import variables
from slipway.doctor.machine import Machine
from slipway.doctor.roles import MachineRole
from slipway.lab.project import Project

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def machine(tmp_path):
    """A machine with an inventory of its own and this project's roles."""
    inventory = tmp_path / "inventory"
    (inventory / "group_vars").mkdir(parents=True)
    project = Project(ROOT, tmp_path / "cache", tmp_path / "state", "demo", (str(inventory),))
    made = Machine(project, environ={})
    made.groups = {}
    return made


def look(machine, *extra):
    machine.arguments = tuple(word for text in extra for word in ("-e", text))
    return variables.variables(machine)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("docker_sauce=official", ("docker_sauce", "-e")),
        ("minikube_node=3", ("minikube_node,",)),
        ('{"slipway_sourc": "build"}', ("slipway_sourc,",)),
        ("docker_source=snap", ("docker_source", "distro, official", "snap")),
        ('{"minikube_nodes": "two"}', ("minikube_nodes", "int")),
        ('{"minikube_addons": 3}', ("minikube_addons", "dict")),
    ],
)
def test_what_no_role_takes_is_named(machine, extra, words):
    found = look(machine, extra)
    assert found.level == "error"
    assert all(word in found.message for word in words), found.message


def test_a_near_name_is_offered(machine):
    assert look(machine, "docker_sauce=official").remedy == "did you mean docker_source?"


@pytest.mark.slow
@pytest.mark.parametrize(
    "extra",
    [
        "minikube_nodes=3",
        '{"minikube_nodes": "{{ 1 + 2 }}"}',
        "slipway_source=build slipway_lab=other",
        "my_own=1",
        "docker_source=official",
    ],
)
def test_what_roles_take_is_fine(machine, extra):
    assert look(machine, extra).level == "ok"


def test_a_file_of_variables_is_read(machine, tmp_path):
    file = tmp_path / "more.yml"
    file.write_text("minikube_driver: vmware\n")
    assert "minikube_driver" in look(machine, f"@{file}").message


@pytest.mark.slow
def test_an_inventory_may_serve_other_roles_too(machine, tmp_path):
    file = tmp_path / "inventory/group_vars/all.yml"
    file.write_text("docker_edition: ce\n")
    assert look(machine).level == "warning"
    assert "docker_edition, set in all.yml" in look(machine).message
    file.write_text("docker_state: gone\n")
    assert look(machine).level == "error"


@pytest.mark.slow
def test_the_inventories_of_the_project_are_in_order():
    for name in ("lab", "local", "example"):
        inventory = str(ROOT / "inventories" / name)
        project = Project(ROOT, ROOT, ROOT, "demo", (inventory,))
        assert look(Machine(project, environ={})).level == "ok"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("minikube_hosts: {hosts: {lab1: {}, lab2: {}}}", "ok", "Ansible reads 2 hosts"),
        ("all: [", "error", "YAML parsing failed"),
    ],
)
def test_an_inventory_that_ansible_cannot_read_is_an_error(machine, text, level, words):
    (Path(machine.project.inventories[0]) / "hosts.yml").write_text(text)
    del machine.groups  # Ansible reads them from the file
    found = variables.inventory(machine)
    assert found.level == level and words in found.message
    assert machine.role == MachineRole.CONTROLLER


def test_variables_in_the_inventory_itself_are_checked(machine):
    machine.groups = {"control": {"localhost": {"docker_sauce": "official"}}}
    found = look(machine)
    assert (found.level, "docker_sauce, set in the inventory" in found.message) == ("warning", True)
    machine.groups = {"all": {"far": {"docker_source": "snap"}}}
    assert look(machine).level == "error"
    machine.groups = {"all": {"far": {"docker_proxy": {"__ansible_vault": "..."}}}}
    assert look(machine).level == "ok"


@pytest.mark.parametrize("groups", [{}, {"ungrouped": {"web1": {}}}, {"lab_hosts": {}}])
def test_an_inventory_without_hosts_for_slipway_is_an_error(machine, groups):
    machine.groups = groups
    found = variables.inventory(machine)
    assert found.level == "error" and "in a group of Slipway" in found.message
    machine.groups = {"minikube_hosts": {"web1": {}}}
    assert variables.inventory(machine).level == "ok"


def test_a_file_of_extra_variables_that_cannot_be_read_is_an_error(machine, tmp_path):
    assert look(machine, f"@{tmp_path}/none.yml").level == "error"
    (tmp_path / "some.yml").write_text("minikube_nodes: 2")
    assert look(machine, f"@{tmp_path}/some.yml").level == "ok"
