"""Command lines that run on a host of the inventory, over the connection that Ansible uses."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

SSH = ("ssh", "-o", "ConnectTimeout=5", "-o", "ControlPath=none")


def on_host(variables: Mapping[str, Any], script: str, terminal: bool = False) -> list[str]:
    """Return the command that runs a script on a host; empty when the host has no address.

    Args:
        variables: ``ansible_host`` and the other connection variables of the host, templated.
        script: Text for the host's shell. Without any, a login shell starts.
        terminal: Give the script a terminal, and let SSH ask for passwords.
    """
    if variables.get("ansible_connection") == "local":
        return ["sh", "-c", script] if script else ["sh", "-lc", 'exec "${SHELL:-sh}" -l']
    address = str(variables.get("ansible_host") or variables.get("inventory_hostname") or "")
    if not address:
        return []
    command = [*SSH, "-t" if terminal else "-T"]
    command += [] if terminal else ["-o", "BatchMode=yes"]
    command += shlex.split(str(variables.get("ansible_ssh_common_args") or ""))
    command += shlex.split(str(variables.get("ansible_ssh_extra_args") or ""))
    if key := variables.get("ansible_ssh_private_key_file"):
        command += ["-i", str(key)]
    if port := variables.get("ansible_port"):
        command += ["-p", str(port)]
    if login := variables.get("ansible_user"):
        command += ["-l", str(login)]
    return [*command, address, script] if script else [*command, address]


def as_user(user: str, words: Sequence[str], terminal: bool = False) -> str:
    """Return the script that runs a program as another user, in that user's home.

    Args:
        user: Name of the user.
        words: The program and its arguments.
        terminal: sudo may ask for a password.
    """
    program = "exec " + shlex.join(words)
    sudo = "sudo" if terminal else "sudo -n"
    quoted = shlex.quote(user)
    return (
        f'if [ "$(id -un)" = {quoted} ]; then cd; {program}; fi; '
        f'if [ "$(id -u)" = 0 ]; then exec runuser -l {quoted} -s /bin/sh -c {shlex.quote(program)}; fi; '
        f"exec {sudo} -H -u {quoted} -- sh -c {shlex.quote('cd; ' + program)}"
    )
