"""Read inventories by Ansible itself, so that every format and every template counts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from slipway.errors import SlipwayError
from slipway.lab.ansible_settings import own_settings
from slipway.lab.extra_vars import values_of
from slipway.lab.lab_name import VARIABLE
from slipway.lab.project import Project
from slipway.lab.yaml_file import read_yaml

VARIABLES = (
    "ansible_connection",
    "ansible_host",
    "ansible_port",
    "ansible_user",
    "ansible_ssh_private_key_file",
    "ansible_ssh_common_args",
    "ansible_ssh_extra_args",
    "minikube_progress_file",
)
# Variables of the role minikube, whose defaults count where the inventory sets none.
ROLE_VARIABLES = (
    "minikube_user",
    "minikube_profile",
    "minikube_driver",
    "minikube_bin_dir",
    "minikube_environment",
)
# The passwords of vaults, without which Ansible cannot read encrypted variables.
VAULT_FLAGS = ("--vault-password-file", "--vault-pass-file", "--vault-id")
PARSER_PROBLEM = re.compile(r"Failed to parse inventory with '(\w+)' plugin: (.+)")
STEPS = {
    "vault": "set ANSIBLE_VAULT_PASSWORD_FILE, or add to up: -- --ask-vault-password",
    "create local directories": "export ANSIBLE_HOME=DIRECTORY with a directory in which this user may write",
}


class InventoryError(SlipwayError):
    """Ansible cannot read the inventories."""


def host_variables(
    project: Project, pattern: str, environment: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Return the templated connection variables of hosts, and those of their Minikube.

    The result is empty when Ansible cannot tell.

    Args:
        project: The lab.
        pattern: Which hosts, as in ``hosts:`` of a play.
        environment: Variables that Ansible gets.
    """
    wanted = {name: f"{{{{ {name} | default('') }}}}" for name in VARIABLES}
    content = read_yaml(project.root / "roles/minikube/defaults/main.yml")
    defaults = content if isinstance(content, dict) else {}
    for name in ROLE_VARIABLES:
        default = json.dumps(defaults.get(name, ""))
        wanted[name] = f"{{{{ {name} | default({default}) }}}}"
    wanted["inventory_hostname"] = "{{ inventory_hostname }}"
    command = [str(Path(sys.executable).parent / "ansible"), pattern]
    for inventory in project.inventories:
        command += ["-i", inventory]
    command += ["-e", json.dumps({VARIABLE: project.lab})]  # paths of keys contain it
    command += ["-m", "ansible.builtin.debug", "-a", json.dumps({"msg": wanted})]
    callback = {
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_LOAD_CALLBACK_PLUGINS": "1",
    }
    done = subprocess.run(
        command,
        cwd=project.root,
        env={**os.environ, **environment, **callback},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        hosts = json.loads(done.stdout)["plays"][0]["tasks"][0]["hosts"]
        return {name: result["msg"] for name, result in hosts.items() if "msg" in result}
    except (ValueError, LookupError):
        return {}


def inventory_groups(
    project: Project, environ: Mapping[str, str], arguments: Sequence[str] = ()
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the hosts of each group with their variables, those of child groups included.

    Args:
        project: The lab.
        environ: Environment variables for Ansible.
        arguments: The arguments of ansible-playbook, whose vault passwords count.

    Returns:
        Variables by group and host.

    Raises:
        InventoryError: Ansible cannot read the inventories.
    """
    command = [str(Path(sys.executable).parent / "ansible-inventory"), "--list"]
    for inventory in project.inventories:
        command += ["-i", inventory]
    for flag in VAULT_FLAGS:
        command += [f"{flag}={value}" for value in values_of((flag,), arguments)]
    settings = {**os.environ, **environ, "LC_ALL": "C.UTF-8"}
    settings |= own_settings(project.root, settings)
    done = subprocess.run(
        command, cwd=project.root, env=settings, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    try:
        content = json.loads(done.stdout)
    except ValueError:
        raise _inventory_error(done.stderr) from None
    variables = content.pop("_meta", {}).get("hostvars", {})
    return {
        name: {host: variables.get(host, {}) for host in _members(content, name)}
        for name in content
    }


def _inventory_error(output: str) -> InventoryError:
    """Return the error that Ansible prints about an inventory, with the words of the parser that it was written for."""
    errors = [line.removeprefix("[ERROR]: ") for line in output.splitlines() if "[ERROR]" in line]
    last = (output.strip().splitlines() or [""])[-1]  # of a traceback, this is the error
    message = errors[-1].rstrip(".") if errors else last
    problems = dict(PARSER_PROBLEM.findall(output))
    if problems:
        by_name = "yaml" if message.endswith((".yml", ".yaml", ".json")) else "ini"
        cause = problems.get("script") or problems.get(by_name) or list(problems.values())[-1]
        return InventoryError(f"{message}: {cause}", "correct the file")
    step = next((step for words, step in STEPS.items() if words in message), "resolve the cause")
    return InventoryError(message, step)


def _members(content: Mapping[str, Any], group: str) -> list[str]:
    """Return the hosts of a group and of its children."""
    own = content.get(group, {})
    hosts = list(own.get("hosts", []))
    for child in own.get("children", []):
        hosts += _members(content, child)
    return hosts
