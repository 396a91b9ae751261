"""Filters for the variables that all inventories of a lab share (inventories/common), and for its playbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

DOCUMENTATION = r"""
name: lab
short_description: Filters for the variables of a lab
description:
  - C(present_services) returns the services of a lab, from the pages of each known service.
  - C(images_by_program) returns the image references of services by the name of the program.
  - C(host_addresses) returns name and address of hosts.
  - C(with_image) returns manifests whose containers have another image.
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


def with_image(
    objects: Iterable[Mapping[str, Any] | None], name: str, image: str, labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return manifests whose containers with the image ``name``, with any tag, have ``image``, which is never pulled.

    Args:
        objects: The manifests. Empty documents are left out.
        name: Name of the image in them.
        image: The image.
        labels: Labels for the pods of these containers.

    Raises:
        ValueError: No container has the image ``name``.
    """
    changed, found = deepcopy([dict(one) for one in objects if one]), False
    for pod in [pod for one in changed for pod in _pods(one)]:
        spec = pod["spec"]
        for container in [*spec["containers"], *(spec.get("initContainers") or ())]:
            if str(container.get("image")).partition(":")[0] == name:
                container.update(image=image, imagePullPolicy="Never")
                metadata = pod["metadata"] = pod.get("metadata") or {}
                metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
                found = True
    if not found:
        raise ValueError(f"no container of the manifests has the image {name}")
    return changed


def _pods(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the pods and the templates of pods in an object."""
    if isinstance(value, dict):
        if isinstance(value.get("spec"), dict) and value["spec"].get("containers"):
            yield value
        else:
            for part in value.values():
                yield from _pods(part)


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict[str, Any]:
        """Return the filters by name."""
        return {
            "present_services": present_services,
            "images_by_program": images_by_program,
            "host_addresses": host_addresses,
            "with_image": with_image,
        }
