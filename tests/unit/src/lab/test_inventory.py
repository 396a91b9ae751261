"""Tests of ``slipway.lab.inventory``, which asks Ansible."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from slipway.lab.inventory import InventoryError, host_variables, inventory_groups
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
@pytest.mark.parametrize(
    ("name", "text", "cause"),
    [
        ("hosts.yml", "all: [", "YAML parsing failed: While parsing a flow node"),
        ("hosts.ini", "[lab_hosts]\nlab1 no value\n", "Expected key=value"),
    ],
)
def test_what_ansible_cannot_read_is_named(tmp_path, name, text, cause):
    with pytest.raises(InventoryError) as refused:
        inventory_groups(project(tmp_path, text, name), os.environ)
    assert f"{tmp_path / name}: {cause}" in str(refused.value).replace("Failed to parse inventory: ", "")  # fmt: skip


@pytest.mark.slow
def test_encrypted_variables_need_the_password_of_their_vault(tmp_path):
    lab = project(tmp_path, INI)
    (tmp_path / "password").write_text("p")
    variables = tmp_path / "group_vars/lab_hosts.yml"
    variables.parent.mkdir()
    variables.write_text("answer: 42\n")
    flags = ["--vault-password-file", str(tmp_path / "password")]
    vault = str(Path(sys.executable).parent / "ansible-vault")
    subprocess.run([vault, "encrypt", *flags, str(variables)], check=True, capture_output=True)
    with pytest.raises(InventoryError, match="no vault secrets found") as refused:
        inventory_groups(lab, os.environ)
    assert "ANSIBLE_VAULT_PASSWORD_FILE" in refused.value.next_step
    for given in (flags, ["=".join(flags)]):
        groups = inventory_groups(lab, os.environ, given)
        assert groups["lab_hosts"]["lab1"]["answer"] == 42


@pytest.mark.slow
def test_templates_of_connections_are_evaluated(tmp_path):
    found = host_variables(project(tmp_path, INI), "lab_hosts", {})
    assert found["lab1"]["ansible_ssh_common_args"] == "-o User=lab1"
    assert found["lab1"]["ansible_host"] == "10.213.0.11"


@pytest.mark.slow
def test_a_home_that_ansible_cannot_write_to_is_named(tmp_path):
    with pytest.raises(InventoryError) as refused:
        inventory_groups(project(tmp_path, INI), {**os.environ, "ANSIBLE_HOME": "/proc/none"})
    assert "Unable to create local directories" in str(refused.value)
    assert "Traceback" not in str(refused.value) and "ANSIBLE_HOME" in refused.value.next_step
