"""Parse a container: that of an application, and additional ones."""

from __future__ import annotations

from dataclasses import fields

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.network import parse_ports
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.probes import (
    parse_hooks,
    parse_probes,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import (
    ContainerSpec,
    PortSpec,
)

ENV_REFERENCES = ({"secret", "key"}, {"config", "key"}, {"field"})
# An init container ends before the pod can get a request.
FOR_RUNNING = ("ports", "probes", "hooks")


def parse_container(
    options: dict, taken: list[PortSpec], errors: ValidationErrors, path: str
) -> ContainerSpec:
    """Return a container.

    Args:
        options: The options of the container, with its name.
        taken: The ports of the containers before it.
        errors: Collects the mistakes. The result is valid only when there are none.
        path: The place of the options in the task, for the messages.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if not given.get("image"):
        errors.add(path, "image is missing")
    else:
        check.image(errors, f"{path}.image", given["image"])
    check_env(given.get("env") or {}, errors, f"{path}.env")
    check_env_from(given.get("env_from") or [], errors, f"{path}.env_from")
    check_resources(given.get("resources") or {}, errors, f"{path}.resources")
    ports = parse_ports(given.get("ports"), errors, f"{path}.ports", taken)
    values = {one.name: given[one.name] for one in fields(ContainerSpec) if one.name in given}
    values.update(
        name=given.get("name", ""),
        image=given.get("image", ""),
        ports=ports,
        probes=parse_probes(given.get("probes") or {}, ports, errors, f"{path}.probes"),
        hooks=parse_hooks(given.get("hooks") or {}, ports, errors, f"{path}.hooks"),
    )
    return ContainerSpec(**values)


def parse_additional(
    entries: list[dict],
    before: list[ContainerSpec],
    errors: ValidationErrors,
    path: str,
    is_init: bool = False,
) -> list[ContainerSpec]:
    """Return additional containers of an application. By default, they have its image.

    Args:
        entries: The options of each.
        before: The containers of the pod so far. The first is that of the application.
        errors: Collects the mistakes.
        path: The place of the list in the task, for the messages.
        is_init: Whether they run before the others.
    """
    containers: list[ContainerSpec] = []
    for index, entry in enumerate(entries):
        place, known = f"{path}[{index}]", [*before, *containers]
        check.label_name(errors, f"{place}.name", entry["name"])
        if entry["name"] in [one.name for one in known]:
            errors.add(f"{place}.name", f"container {entry['name']} is given twice")
        if is_init and not entry.get("sidecar"):
            for option in FOR_RUNNING:
                if entry.get(option):
                    errors.add(
                        f"{place}.{option}",
                        "is for containers that keep running; set sidecar: true",
                    )
        taken = [port for one in known for port in one.ports]
        options = {**entry, "image": entry.get("image") or before[0].image}
        containers.append(parse_container(options, taken, errors, place))
    return containers


def check_env(values: dict, errors: ValidationErrors, path: str) -> None:
    """Check environment variables: text, or a reference to its source."""
    for name, value in values.items():
        if not isinstance(name, str) or not check.ENV_NAME.fullmatch(name):
            errors.add(path, f"{name!r} is not a valid name of an environment variable")
        if isinstance(value, list) or value is None:
            errors.add(f"{path}.{name}", f"{value!r} is not text; quote it or leave it out")
        if isinstance(value, dict) and set(value) not in ENV_REFERENCES:
            errors.add(
                f"{path}.{name}",
                "give a text, {secret: NAME, key: KEY}, {config: NAME, key: KEY} or {field: PATH}",
            )


def check_env_from(sources: list[dict], errors: ValidationErrors, path: str) -> None:
    """Check the names of objects whose entries become environment variables."""
    for index, source in enumerate(sources):
        name = source.get("config_map") or source.get("secret")
        check.subdomain(errors, f"{path}[{index}]", name)
        if source.get("prefix") and not check.ENV_NAME.fullmatch(source["prefix"]):
            errors.add(f"{path}[{index}].prefix", f"{source['prefix']!r} is not a valid prefix")


def check_resources(resources: dict, errors: ValidationErrors, path: str) -> None:
    """Check the amounts of requests and limits."""
    for part, amounts in resources.items():
        for name, amount in (amounts or {}).items():
            check.quantity(errors, f"{path}.{part}.{name}", amount)
