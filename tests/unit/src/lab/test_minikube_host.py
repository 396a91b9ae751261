"""Tests of ``slipway.lab.minikube_host``."""

import os
import pwd
import subprocess

import pytest

from slipway.errors import SlipwayError, UsageError
from slipway.lab.minikube_host import Host, find_host
from slipway.lab.project import Project, project_root

ME = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture
def host(tmp_path):
    """A host that is this machine, with stand-ins for minikube and docker."""
    for path in ("lib/slipway/minikube/minikube", "bin/docker"):
        program = tmp_path / path
        program.parent.mkdir(parents=True)
        program.write_text('#!/bin/sh\nprintf "%s|" "${0##*/}" "$@" "$COLOUR"\n')
        program.chmod(0o755)
    variables = {
        "ansible_connection": "local",
        "minikube_user": ME,
        "minikube_profile": "lab",
        "minikube_driver": "docker",
        "minikube_bin_dir": str(tmp_path / "bin"),
        "minikube_environment": {},
    }

    def run(command):
        path = f"{tmp_path}/bin:{os.environ['PATH']}"
        return subprocess.run(
            command, env={"PATH": path, "HOME": str(tmp_path)}, capture_output=True, text=True
        ).stdout

    return Host(variables), variables, run


def test_minikube_runs_with_its_arguments_and_environment(host):
    it, variables, run = host
    assert run(it.minikube(["ssh", "--", "echo a  b"], False)) == "minikube|ssh|--|echo a  b||"
    variables["minikube_environment"] = {"COLOUR": "deep red"}
    assert run(it.minikube(["status"], False)) == "minikube|status|deep red|"


def test_a_program_on_a_node_runs_in_its_container(host):
    it, variables, run = host
    assert (
        run(it.on_node("lab-m02", ["ls", "a b"], False))
        == "docker|exec|--interactive|lab-m02|ls|a b||"
    )
    assert "--interactive|--tty|" in run(it.on_node("lab-m02", ["ls"], True))
    variables["minikube_driver"] = "kvm2"
    with pytest.raises(UsageError, match="kvm2"):
        it.on_node("lab", ["ls"], False)


def test_a_program_on_the_host_keeps_its_words(host):
    it, _, run = host
    assert run(it.shell(["echo", "a  b"], False)) == "a  b\n"


def test_a_host_without_an_address_is_an_error():
    with pytest.raises(SlipwayError, match="ansible_host"):
        Host({}).shell([], True)


def test_the_host_is_found_as_ansible_evaluates_it(tmp_path):
    inventory = tmp_path / "hosts.ini"
    inventory.write_text(
        "[minikube_hosts]\none ansible_host='192.0.2.{{ 4 + 3 }}' minikube_profile='{{ slipway_lab }}'\n"
    )
    project = Project(project_root({}), tmp_path, tmp_path, "physics", (str(inventory),))
    it = find_host(project)
    assert it.variables["ansible_host"] == "192.0.2.7"
    assert (it.profile, it.user) == ("physics", "minikube")  # the lab's name, the role's default
    with pytest.raises(SlipwayError, match="no host two") as raised:
        find_host(project, "two")
    assert str(inventory) in raised.value.next_step
