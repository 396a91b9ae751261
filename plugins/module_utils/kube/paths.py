"""Build paths of the Kubernetes API."""

from __future__ import annotations

from urllib.parse import quote

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError

# The API server reads an encoded slash as a slash, and refuses an encoded percent sign.
NOT_IN_NAMES = frozenset("/%")


def is_segment(name: str) -> bool:
    """Return whether a name stays one segment of a path on its way to the API server."""
    return name not in ("", ".", "..") and not NOT_IN_NAMES & set(name)


def path_segment(name: str) -> str:
    """Return a name as one segment of a path.

    Raises:
        KubeError: The name would lead to another object, such as the namespace around it, or to a subresource.
    """
    if not is_segment(name):
        raise KubeError(f"{name!r} cannot be the name of an object: it would lead to another one")
    return quote(name, safe="")


def name_selector(name: str) -> str:
    """Return the field selector for the object with a name."""
    escaped = "".join(f"\\{one}" if one in "\\,=" else one for one in name)
    return f"metadata.name={escaped}"
