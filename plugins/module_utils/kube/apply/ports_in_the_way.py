"""Ports of other managers that leave no place for a declared port of the same name.

The number is part of the key of a port, so a declaration with another number adds a port. The port with the former
number stays as long as another manager declares it, and the API server refuses two ports of one name.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import client_side
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    difference,
    union,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import STRATEGIC, KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError

# The place of a name in a refusal: spec.template.spec.containers[0].ports[1].name
NAME = re.compile(r"(?P<list>.*\bports)\[\d+\]\.name")
INDEX = re.compile(r"\[\d+\]")
REPEATED, MISSING = "FieldValueDuplicate", "FieldValueRequired"


class PortList(NamedTuple):
    """A list of ports of a declaration, beside that of the live object, and who owns what of it."""

    route: tuple[str, ...]
    declared: list
    live: list
    fields: dict

    @property
    def path(self) -> str:
        """Return the path of the list without the items that it is in."""
        return ".".join(name[2:] for name in self.route if name.startswith("f:"))

    def in_the_way(self, needs_name: bool) -> dict:
        """Return the live ports that the declared ones cannot stand beside, as a field set.

        Args:
            needs_name: Whether a port without a name is in the way too.
        """
        keys = {_key(port) for port in self.declared}
        names = {port.get("name") for port in self.declared} - {None}
        ports = ((name, _member(self.live, name)) for name in self.fields if name != ".")
        return {
            name: self.fields[name]
            for name, port in ports
            if port
            and _key(port) not in keys
            and (port.get("name") in names or needs_name and not port.get("name"))
        }

    def without(self, names: dict) -> list[dict]:
        """Return the ports as an apply leaves them when some live ones are gone."""
        lost = [_member(self.live, name) for name in names]
        ports = {_key(port): port for port in self.live if port not in lost}
        for port in self.declared:
            ports[_key(port)] = {**ports.get(_key(port), {}), **port}
        return list(ports.values())


def find(obj: dict, live: dict, error: ApiError) -> dict:
    """Return the ports of a live object because of which the server refused a declaration, as a field set.

    Args:
        obj: The object as declared.
        live: The object as the server has it.
        error: The refusal.
    """
    causes = [(NAME.fullmatch(one.get("field") or ""), one.get("reason")) for one in error.causes]
    refused = {
        INDEX.sub("", place["list"]): reason
        for place, reason in causes
        if place and reason in (REPEATED, MISSING)
    }
    found: dict = {}
    for ports in _port_lists(obj, live, _owned_fields(live)) if refused else ():
        # the only port of a Service may be without a name, and leaves no place for others
        names = (
            ports.in_the_way(refused.get(ports.path) == MISSING) if ports.path in refused else {}
        )
        found = union(found, _nested(ports.route, names)) if names else found
    return found


def explain(error: ApiError, live: dict | None, declared: dict | None) -> str:
    """Return who declared the port that is in the way, and the next step; empty without one.

    Args:
        error: The refusal.
        live: The object before, if it is known.
        declared: The object as declared, if it is known.
    """
    fields = find(declared, live, error) if live and declared else {}
    if not fields:
        return ""
    if client_side.declaring_managers(live):
        owner, step = "kubectl", "takes the object over from kubectl"
    else:
        owner, step = f"another manager ({', '.join(_owners(live, fields))})", "takes the port over"
    return f"; a port that {owner} declared stays beside the declared one; force: true {step}"


def _owners(live: dict, fields: dict) -> list[str]:
    """Return the managers who own something of a field set."""
    entries = live["metadata"].get("managedFields") or []
    owned = ((entry["manager"], entry.get("fieldsV1") or {}) for entry in entries)
    return sorted({manager for manager, theirs in owned if difference(theirs, fields) != theirs})


def predict(client: KubeClient, path: str, obj: dict, live: dict, fields: dict) -> dict:
    """Return an object with a declaration and without the ports in the way, by a dry run.

    Raises:
        ApiError: The server refused the declaration.
    """
    body = copy.deepcopy(obj)
    for ports in _port_lists(body, live, fields):
        ports.declared[:] = [{"$patch": "replace"}, *ports.without(ports.fields)]
    return client.patch(path, body, STRATEGIC, dryRun="All")


def _owned_fields(live: dict) -> dict:
    fields: dict = {}
    for entry in live["metadata"].get("managedFields") or []:
        fields = union(fields, entry.get("fieldsV1") or {})
    return fields


def _port_lists(
    declared: Any, live: Any, fields: dict, route: tuple[str, ...] = ()
) -> Iterator[PortList]:
    if isinstance(declared, list) and route[-1] == "f:ports":
        yield PortList(route, declared, live, fields)
        return
    for name, below in fields.items():
        mine, theirs = _member(declared, name), _member(live, name)
        if mine and theirs:
            yield from _port_lists(mine, theirs, below, (*route, name))


def _member(value: Any, name: str) -> Any:
    """Return the part of a value that a name of a field set means; None without one."""
    kind, _, key = name.partition(":")
    if kind == "f" and isinstance(value, dict):
        return value.get(key)
    if kind != "k" or not isinstance(value, list):
        return None
    keys = json.loads(key).items()
    return next((item for item in value if all(item.get(k) == v for k, v in keys)), None)


def _key(port: dict) -> tuple:
    return port.get("port"), port.get("containerPort"), port.get("protocol", "TCP")


def _nested(route: tuple[str, ...], fields: dict) -> dict:
    for name in reversed(route):
        fields = {name: fields}
    return fields
