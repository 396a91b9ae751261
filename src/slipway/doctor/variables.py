"""The inventory and the variables of roles: what Ansible cannot read, misspelt names and wrong values.

Slipway finds them before anything is changed. Ansible checks a role's arguments when the role begins, which can be
after a build of many minutes. It does not report unknown names.
"""

from __future__ import annotations

import contextlib
import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slipway.doctor.checks import EVERYWHERE, Check
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine
from slipway.lab.extra_vars import EXTRA_VARS, parse_extra_vars, values_of
from slipway.lab.format import count
from slipway.lab.inventory import InventoryError
from slipway.lab.yaml_file import ONLY_ANSIBLE, read_yaml, variable_files

# The groups that playbooks/site.yml works on.
GROUPS = (
    "control",
    "lab_hosts",
    "docker_hosts",
    "minikube_hosts",
    "kube_control_plane",
    "kube_node",
)


@dataclass(frozen=True)
class Given:
    """A variable that the user set, and where."""

    name: str
    value: Any
    place: str


def inventory(machine: Machine) -> Finding:
    """Check that Ansible can read the inventory. Without it, most other checks do not apply."""
    try:
        groups = machine.groups
    except InventoryError as problem:
        return error(str(problem), problem.next_step)
    hosts = {host for members in groups.values() for host in members}
    if not any(groups.get(name) for name in GROUPS):
        return error(
            f"none of its {count(len(hosts), 'host')} is in a group of Slipway, so there would be nothing to do",
            f"put hosts into {', '.join(GROUPS)}, as inventories/example does",
        )
    return ok(f"Ansible reads {count(len(hosts), 'host')}")


def variables(machine: Machine) -> Finding:
    """Check that variables with a role's prefix exist there and have values that the role takes."""
    if unread := next(unread_files(machine), ""):
        return error(f"-e @{unread}: there is no such file that can be read", "correct the path")
    options, common = declared(machine), set(shared(machine))
    known = {*options, *common}
    prefixes = [f"{path.name}_" for path in (machine.project.root / "roles").glob("*/")]
    prefixes += ["slipway_"] if common else []
    given = [*extra_vars(machine), *inventory_vars(machine)]
    with contextlib.suppress(InventoryError):  # the check of the inventory gives the reason
        given += own_vars(machine)
    wrong = [
        f"{one.name} of {one.place}: {problem}"
        for one in given
        if one.name in options and (problem := refusal(one, options[one.name]))
    ]
    if wrong:
        return error("; ".join(wrong), "correct the value")
    for one in given:
        if one.name.startswith(tuple(prefixes)) and one.name not in known:
            near = difflib.get_close_matches(one.name, known, n=1)
            message = f"no role has a variable {one.name}, set in {one.place}"
            remedy = f"did you mean {near[0]}?" if near else "see roles/*/defaults/main.yml"
            # An inventory may be shared with other projects' roles; a flag is meant for this run.
            return (error if one.place in EXTRA_VARS else warning)(message, remedy)
    return ok(f"{count(len(given), 'variable')} as the roles declare")


def declared(machine: Machine) -> dict[str, dict[str, Any]]:
    """Return the specifications of the roles' variables, by name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(machine.project.root.glob("roles/*/meta/argument_specs.yml")):
        content = read_yaml(path)
        specs = content.get("argument_specs") if isinstance(content, dict) else None
        for entry in (specs or {}).values():
            found.update(entry.get("options") or {})
    return found


def shared(machine: Machine) -> Iterator[str]:
    """Yield the names that belong to no single role: what all inventories share, and the pins."""
    root = machine.project.root
    for path in (*variable_files(root / "inventories/common"), root / "upstream/versions.yml"):
        content = read_yaml(path)
        yield from content if isinstance(content, dict) else ()


def extra_vars(machine: Machine) -> Iterator[Given]:
    """Yield the variables of ``-e``."""
    for text in values_of(EXTRA_VARS, machine.arguments):
        content = parse_extra_vars(text)
        for name, value in content.items() if isinstance(content, dict) else ():
            yield Given(str(name), value, EXTRA_VARS[0])


def unread_files(machine: Machine) -> Iterator[str]:
    """Yield the files of ``-e @FILE`` that cannot be read."""
    for text in values_of(EXTRA_VARS, machine.arguments):
        if text.startswith("@") and not os.access(os.path.expanduser(text[1:]), os.R_OK):
            yield text[1:]


def inventory_vars(machine: Machine) -> Iterator[Given]:
    """Yield the variables of the inventory's files, those of groups and of hosts."""
    for path in machine.inventory_files("group_vars", "host_vars"):
        content = read_yaml(path)
        for name, value in content.items() if isinstance(content, dict) else ():
            yield Given(str(name), value, path.name)


def own_vars(machine: Machine) -> Iterator[Given]:
    """Yield the variables that the inventory itself contains, such as those of ``[all:vars]``."""
    in_files = {one.name for one in inventory_vars(machine)}
    seen: dict[str, Any] = {}
    for members in machine.groups.values():
        for host in members.values():
            seen |= host
    for name, value in seen.items():
        if name not in in_files:
            secret = isinstance(value, dict) and "__ansible_vault" in value
            yield Given(name, ONLY_ANSIBLE if secret else value, "the inventory")


def effective(machine: Machine) -> dict[str, Any]:
    """Return the variables that a run uses: those of files, replaced by those of ``-e``."""
    return {**machine.variables, **{one.name: one.value for one in extra_vars(machine)}}


def refusal(given: Given, spec: dict[str, Any]) -> str:
    """Return why a role would refuse a value, in Ansible's words; empty when it would not.

    Templates are accepted, because only Ansible can render them.
    """
    if "{{" in str(given.value) or "{%" in str(given.value):
        return ""
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

    checked = ArgumentSpecValidator({given.name: spec}).validate({given.name: given.value})
    return "; ".join(checked.error_messages)


CHECKS = (
    Check("inventory", inventory, EVERYWHERE),
    Check("variables", variables, EVERYWHERE),
)
