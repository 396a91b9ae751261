"""Derive the rights that requests need, as the RBAC of an API server names them."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")
PATH = re.compile(
    r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>[^/]+)"
    r"(?:/namespaces/(?P<namespace>[^/]+)(?=/))?"
    r"/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?(?:/(?P<sub>[^/]+))?(?:/.*)?"
)


class Right(NamedTuple):
    """A verb on a resource, which a Role or a ClusterRole can allow."""

    resource: str
    group: str
    scope: str
    verb: str

    @property
    def rule(self) -> dict:
        """Return the rule that allows it."""
        return {"apiGroups": [self.group], "resources": [self.resource], "verbs": [self.verb]}

    @property
    def named(self) -> str:
        """Return the resource as kubectl writes it: deployments.apps."""
        return f"{self.resource}.{self.group}" if self.group else self.resource


def rights_of(method: str, target: str, is_new: bool = False) -> list[Right]:
    """Return the rights that a request needs; none for discovery, which every account may read.

    Args:
        method: The HTTP method.
        target: Path and query.
        is_new: Whether an object of this name does not exist, so an apply creates it.
    """
    url = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    match = PATH.fullmatch(unquote(url.path))
    if not match or _is_discovery(url.path):
        return []
    plural, name, sub = match["plural"], match["name"], match["sub"]
    if plural.startswith("selfsubject"):  # every account may ask about itself (system:basic-user)
        return []
    resource = f"{plural}/{sub}" if sub else plural
    scope = "namespace" if match["namespace"] else "cluster"
    return [
        Right(resource, match["group"] or "", scope, verb)
        for verb in _verbs(method, name, sub, query, is_new)
    ]


def _is_discovery(path: str) -> bool:
    return bool(re.fullmatch(r"/api/[^/]+|/apis/[^/]+/[^/]+|/apis/[^/]+|/version", path))


def _verbs(method: str, name: str | None, sub: str | None, query: dict, is_new: bool) -> list[str]:
    if method == "GET" and query.get("watch") == "true":
        return ["watch"]
    if method == "GET" and sub in ("exec", "attach", "portforward"):
        return ["get", "create"]  # a websocket; Kubernetes 1.35 asks for the second right too
    if method == "GET":
        return ["get" if name else "list"]
    if method == "PATCH":
        return ["patch", "create"] if is_new and not sub else ["patch"]
    if method == "DELETE":
        return ["delete" if name else "deletecollection"]
    return [{"POST": "create", "PUT": "update"}[method]]
