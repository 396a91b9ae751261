"""Tests of the checks in ``slipway.doctor.tools``."""

import pytest

from slipway.doctor import tools
from slipway.doctor.docker_api import DockerState
from support.made_up_machine import tool


@pytest.mark.slow
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


def test_the_password_may_be_in_the_inventory_itself(machine):
    machine.uid = 1000
    tool(machine, "sudo", "exit 1")
    machine.groups = {"all": {"localhost": {"ansible_become_password": {"__ansible_vault": "x"}}}}
    assert "the inventory" in tools.privileges(machine).message


@pytest.mark.parametrize(
    ("environ", "level"),
    [
        ({"HOME": "/home/u"}, "ok"),
        ({"HOME": "/home/" + "x" * 80}, "error"),
        ({"HOME": "/home/" + "x" * 80, "ANSIBLE_SSH_CONTROL_PATH_DIR": "/run/user/1/ssh"}, "ok"),
        ({"HOME": "/home/u", "ANSIBLE_HOME": "/srv/" + "x" * 80}, "error"),
    ],
)
def test_the_sockets_of_ssh_have_short_paths(machine, environ, level):
    for name in ("ssh", "ssh-keygen"):
        tool(machine, name)
    machine.environ = machine.environ | environ
    assert tools.ssh(machine).level == level


def test_a_user_without_an_account_cannot_use_ssh(machine):
    for name in ("ssh", "ssh-keygen"):
        tool(machine, name)
    machine.uid = 3_999_999_999
    assert "no account" in tools.ssh(machine).message
