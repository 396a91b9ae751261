"""Entries that a pod has twice: variables, Secrets for images, and addresses of hosts."""

from __future__ import annotations


def drop_repeated_variables(obj: dict) -> list[str]:
    """Keep the last of several environment variables of one name, in all containers of an object.

    The API server accepts such a list from other clients, and refuses it in a server-side apply. The
    last value is the one that a container gets.

    Args:
        obj: The object. It changes.

    Returns:
        What was given twice.
    """
    found = []
    for container in containers_of(obj):
        variables = container.get("env")
        if not isinstance(variables, list) or not all(isinstance(one, dict) for one in variables):
            continue
        last = {entry.get("name"): place for place, entry in enumerate(variables)}
        kept = [entry for place, entry in enumerate(variables) if last[entry.get("name")] == place]
        if len(kept) < len(variables):
            names = [entry.get("name") for entry in variables]
            repeated = sorted({name for name in names if names.count(name) > 1}, key=str)
            found.append(
                f"variable {', '.join(map(str, repeated))} of the container "
                f"{container.get('name')} is given twice"
            )
            container["env"] = kept
    return found


def drop_repeated_entries(obj: dict) -> list[str]:
    """Keep one of several equal ``imagePullSecrets``, and one of several ``hostAliases`` with one address.

    The API server accepts them from other clients, and refuses them in a server-side apply.

    Args:
        obj: The object. It changes.

    Returns:
        What was given twice.
    """
    spec = _pod_spec(obj)
    found = []
    for field, key in (("imagePullSecrets", "name"), ("hostAliases", "ip")):
        entries = spec.get(field)
        if not isinstance(entries, list) or not all(
            isinstance(one, dict) and isinstance(one.get(key), str) for one in entries
        ):
            continue
        kept: dict[str, dict] = {}
        for entry in entries:
            first = kept.setdefault(entry[key], dict(entry))
            if entry.get("hostnames"):
                known = [*(first.get("hostnames") or []), *entry["hostnames"]]
                first["hostnames"] = list(dict.fromkeys(known))
        if len(kept) < len(entries):
            names = [entry[key] for entry in entries]
            repeated = [name for name in kept if names.count(name) > 1]
            found.append(f"{field} {', '.join(repeated)} is given twice")
            spec[field] = list(kept.values())
    return found


def containers_of(obj: dict) -> list[dict]:
    """Return all containers of a pod or of the template of a workload."""
    spec = _pod_spec(obj)
    listed = [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]
    return [one for one in listed if isinstance(one, dict)]


def _pod_spec(obj: dict) -> dict:
    spec = obj.get("spec")
    while isinstance(spec, dict) and "containers" not in spec:
        inner = spec.get("jobTemplate") or spec.get("template")
        spec = inner.get("spec") if isinstance(inner, dict) else None
    return spec if isinstance(spec, dict) else {}
