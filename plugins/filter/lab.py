"""Filters for the variables that all inventories of a lab share (inventories/common)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

DOCUMENTATION = r"""
name: lab
short_description: Filters for the variables of a lab
description:
  - C(present_services) returns the services of a lab, from the pages of each known service.
  - C(images_by_program) returns the image references of services by the name of the program.
  - C(host_addresses) returns name and address of hosts.
"""


def present_services(
    service_pages: Mapping[str, list[dict[str, Any]]],
    selected: Iterable[str],
    listed: Iterable[dict[str, Any]],
    states: Mapping[str, str],
) -> list[str]:
    """Return the services that the lab has.

    A service is present when this run selects it, or when an earlier run listed all its pages, unless its state is
    another one than ``present``.

    Args:
        service_pages: The pages of each known service, by the service's name.
        selected: The services that this run installs.
        listed: The pages that the lab's own page lists now.
        states: The state of each service, by name.
    """
    chosen = set(selected)
    names = {page["name"] for page in listed}
    found = []
    for service, pages in service_pages.items():
        own = {page["name"] for page in pages}
        if states.get(service, "present") == "present" and (
            service in chosen or (own and own <= names)
        ):
            found.append(service)
    return found


def images_by_program(images: Mapping[str, str], registry: str) -> dict[str, str]:
    """Return references to images in a registry, by the program's name as a variable spells it.

    Args:
        images: Path below the registry (with digest, when known) by ``REPOSITORY/NAME:TAG``.
        registry: Host and port of the registry.
    """
    return {
        name.split("/")[-1].split(":")[0].replace("-", "_"): f"{registry}/{path}"
        for name, path in images.items()
    }


def host_addresses(names: Iterable[str], hostvars: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the name and the address of each host; the name is the address of a host without ``ansible_host``."""
    return [{"name": name, "address": hostvars[name].get("ansible_host", name)} for name in names]


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict[str, Any]:
        """Return the filters by name."""
        return {
            "present_services": present_services,
            "images_by_program": images_by_program,
            "host_addresses": host_addresses,
        }
