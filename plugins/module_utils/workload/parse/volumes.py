"""Parse the data and volumes of an application, and where its containers mount them."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

# Volumes with the content of these options have their names.
DATA_OPTIONS = ("config", "secrets")


def check_data(values: dict | None, errors: ValidationErrors, path: str) -> None:
    """Check keys and values of a ConfigMap or a Secret."""
    for name, value in (values or {}).items():
        if not check.CONFIG_KEY.fullmatch(str(name)):
            errors.add(path, f"{name!r} is not a valid key: letters, digits, '-', '_' and '.'")
        if isinstance(value, (dict, list)) or value is None:
            errors.add(f"{path}.{name}", "is not text; use the to_json or to_yaml filter")


def own_mounts(given: dict) -> list[dict]:
    """Return the mounts of the container of an application: its data and its volumes.

    Args:
        given: The options of the application.
    """
    mounts = [
        {"volume": option, "path": given[f"{option}_mount"], "read_only": option == "secrets"}
        for option in DATA_OPTIONS
        if given.get(option) and given.get(f"{option}_mount")
    ]
    mounts += [
        {**volume, "volume": volume["name"], "path": volume["mount"]}
        for volume in given.get("volumes") or []
        if volume.get("mount")
    ]
    return mounts


def check_volumes(given: dict, errors: ValidationErrors, path: str) -> None:
    """Check names, paths and sources of all volumes, and the mounts of additional containers."""
    seen_names, seen_mounts = set(), set()
    for option in DATA_OPTIONS:
        mount = given.get(f"{option}_mount")
        if not mount:
            continue
        seen_mounts.add(mount)
        if not mount.startswith("/"):
            errors.add(f"{path}.{option}_mount", f"{mount!r} is not an absolute path")
    used = _check_mounts(given, errors, path)
    for option in DATA_OPTIONS:
        if given.get(f"{option}_mount") or option in used:
            seen_names.add(option)
    for index, volume in enumerate(given.get("volumes") or []):
        place = f"{path}.volumes[{index}]"
        check.label_name(errors, f"{place}.name", volume["name"])
        if volume["name"] in seen_names:
            errors.add(f"{place}.name", f"volume {volume['name']} is given twice")
        _check_mount(volume.get("mount"), seen_mounts, errors, f"{place}.mount")
        if not volume.get("mount") and volume["name"] not in used:
            errors.add(place, "is mounted nowhere; give mount, or name it in mounts of a container")
        if volume.get("size"):
            check.quantity(errors, f"{place}.size", volume["size"])
        for option in ("storage_class", "access_mode"):
            if volume.get(option) and not volume.get("size"):
                errors.add(f"{place}.{option}", "needs size: it describes a new claim")
        seen_names.add(volume["name"])


def _check_mount(mount: str | None, seen: set[str], errors: ValidationErrors, path: str) -> None:
    if not mount:
        return
    if mount in seen:
        errors.add(path, f"{mount} is mounted twice")
    if not mount.startswith("/"):
        errors.add(path, f"{mount!r} is not an absolute path")
    seen.add(mount)


def _check_mounts(given: dict, errors: ValidationErrors, path: str) -> set[str]:
    """Check the mounts of additional containers, and return the volumes that they name."""
    known = {volume["name"] for volume in given.get("volumes") or []}
    known |= {option for option in DATA_OPTIONS if given.get(option)}
    used = set()
    for option in ("containers", "init_containers"):
        for index, container in enumerate(given.get(option) or []):
            seen: set[str] = set()
            for number, mount in enumerate(container.get("mounts") or []):
                place = f"{path}.{option}[{index}].mounts[{number}]"
                if mount["volume"] not in known:
                    errors.add(
                        f"{place}.volume",
                        f"{mount['volume']!r} is not a volume of this application",
                    )
                _check_mount(mount["path"], seen, errors, f"{place}.path")
                used.add(mount["volume"])
    return used
