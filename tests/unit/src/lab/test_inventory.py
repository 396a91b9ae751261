"""Tests of ``slipway.lab.inventory``, which asks Ansible."""

import os

import pytest

from slipway.lab.inventory import host_variables, inventory_groups
from slipway.lab.project import Project, locate

INI = """[control]
localhost ansible_connection=local
[site_a]
lab1 ansible_host=10.213.0.11 ansible_ssh_common_args="-o User={{ inventory_hostname }}"
[lab_hosts:children]
site_a
"""


def project(tmp_path, text, name="hosts.ini"):
    (tmp_path / name).write_text(text)
    root = locate().root
    return Project(root, tmp_path, tmp_path, "x", (str(tmp_path / name),))


@pytest.mark.slow
def test_groups_of_an_ini_file_with_their_children(tmp_path):
    groups = inventory_groups(project(tmp_path, INI), os.environ)
    assert list(groups["lab_hosts"]) == ["lab1"]
    assert groups["control"]["localhost"]["ansible_connection"] == "local"


@pytest.mark.slow
def test_what_ansible_cannot_read_has_no_groups(tmp_path):
    groups = inventory_groups(project(tmp_path, "all: [", "hosts.yml"), os.environ)
    assert not any(groups.values())


@pytest.mark.slow
def test_templates_of_connections_are_evaluated(tmp_path):
    found = host_variables(project(tmp_path, INI), "lab_hosts", {})
    assert found["lab1"]["ansible_ssh_common_args"] == "-o User=lab1"
    assert found["lab1"]["ansible_host"] == "10.213.0.11"
