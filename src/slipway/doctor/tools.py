"""Programs on the control machine, and the privileges of its user."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import subprocess

from slipway.doctor.checks import EVERYWHERE, Check
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine
from slipway.doctor.roles import MachineRole
from slipway.doctor.variables import extra_vars, inventory_vars, own_vars
from slipway.lab.ansible_settings import ignored_settings
from slipway.lab.inventory import InventoryError

# The kernel limits the path of a socket to 107 bytes. Ansible adds a name of 11, SSH one of 17 until it is connected.
MAX_CONTROL_FOLDER = 107 - 11 - 17
FILE_VARIABLE = "ANSIBLE_BECOME_PASSWORD_FILE"
AS_ROOT = "run up with sudo -E, or add to it: -- --become-password-file FILE"
BECOME_VARIABLES = ("ansible_become_password", "ansible_become_pass", "ansible_sudo_pass")
BECOME_OPTIONS = ("-K", "--ask-become-pass", "--become-password-file", "--become-pass-file")


def privileges(machine: Machine) -> Finding:
    """Check whether packages, Docker and routes may be changed."""
    sudo = machine.which("sudo")
    if machine.uid == 0:
        if machine.role is MachineRole.HOST and not sudo:
            return error(
                "no sudo, with which Ansible becomes the user minikube", "apt-get install -y sudo"
            )
        return ok("root")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ok("sudo without a password")
    if any(argument.split("=")[0] in BECOME_OPTIONS for argument in machine.arguments):
        return ok("sudo, with the password that Ansible is given")
    if place := become_password(machine):
        return ok(f"sudo, with the password from {place}")
    if machine.docker.running:
        return warning(
            "neither root nor sudo without a password; Docker may be used",
            f"what needs root will fail; {AS_ROOT}",
        )
    return error(
        "neither root nor sudo without a password",
        AS_ROOT,
    )


def become_password(machine: Machine) -> str:
    """Return where Ansible finds a password for sudo; empty when none was given."""
    if FILE_VARIABLE in machine.environ:
        return FILE_VARIABLE
    given = [*extra_vars(machine), *inventory_vars(machine)]
    with contextlib.suppress(InventoryError):  # the check of the inventory gives the reason
        given += own_vars(machine)
    return next((one.place for one in given if one.name in BECOME_VARIABLES), "")


def ansible_settings(machine: Machine) -> Finding:
    """Look for settings of the user's shell that Slipway does not use."""
    ignored = ignored_settings(machine.project.root, machine.environ)
    if ignored:
        return warning(
            f"{', '.join(ignored)}: Slipway uses its own value",
            "put settings for Slipway into an inventory, or start ansible-playbook yourself",
        )
    return ok("Slipway's own")


def ssh(machine: Machine) -> Finding:
    """Look for the SSH client: hosts are reached over SSH."""
    missing = [tool for tool in ("ssh", "ssh-keygen") if not machine.which(tool)]
    if missing:
        return error(f"no {' and no '.join(missing)}", "sudo apt-get install -y openssh-client")
    try:
        pwd.getpwuid(machine.uid)
    except KeyError:
        return error(
            f"this machine has no account with the number {machine.uid}, and SSH refuses to run without one",
            f"run as another user, or add an account: sudo useradd --uid {machine.uid} slipway",
        )
    sockets = control_path_folder(machine)
    if len(os.fsencode(sockets)) > MAX_CONTROL_FOLDER:
        return error(
            f"the path {sockets} is too long for the sockets of SSH",
            "export ANSIBLE_SSH_CONTROL_PATH_DIR=DIRECTORY with a shorter path that only this user may enter",
        )
    return ok("OpenSSH client")


def control_path_folder(machine: Machine) -> str:
    """Return the directory in which Ansible keeps the sockets of SSH connections."""
    usual = machine.environ.get("ANSIBLE_HOME") or "~/.ansible"
    chosen = machine.environ.get("ANSIBLE_SSH_CONTROL_PATH_DIR") or f"{usual}/cp"
    home = machine.environ.get("HOME") or os.path.expanduser("~")
    return home + chosen[1:] if chosen.startswith("~/") else chosen


def go(machine: Machine) -> Finding:
    """Look for a Go toolchain; only building needs one."""
    versions = machine.variables.get("slipway_versions") or {}
    minimum = str(versions.get("go_minimum", ""))
    tool = machine.which("go")
    if not tool:
        return ok("none; a pinned one is fetched if something has to be built")
    said = subprocess.run([tool, "env", "GOVERSION"], capture_output=True, text=True, check=False)
    found = said.stdout.strip().removeprefix("go")
    if not _numbers(found) or _numbers(found) < _numbers(minimum):
        return ok(f"{found or 'broken'}, older than {minimum}; a pinned one is fetched to build")
    return ok(found)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


CHECKS = (
    Check("privileges", privileges),
    Check("ansible settings", ansible_settings, EVERYWHERE),
    Check("ssh", ssh, EVERYWHERE),
    Check("go", go),
)
