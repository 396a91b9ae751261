"""Find the Service that holds an address or a port of the nodes that another one declares."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import first_of

REFUSAL = re.compile(r"(\S+): provided (?:port|IP) is already allocated")
SERVICES = "/api/v1/services"


def explain(error: ApiError, client: KubeClient) -> str:
    """Return which Services hold what a declaration asks for; empty for other errors, and where they cannot be seen."""
    wanted = set(REFUSAL.findall(str(error)))
    if not wanted:
        return ""
    try:
        services, _ = client.list_all(SERVICES)
    except KubeError:
        return ""  # the account may see only some namespaces
    found = [
        f"{value} belongs to Service {one['metadata']['namespace']}/{one['metadata']['name']}"
        for one in services
        for value in sorted(wanted & _held(one["spec"]))
    ]
    return f"; {first_of(found)}" if found else ""


def _held(spec: dict) -> set[str]:
    numbers = [port.get("nodePort") for port in spec.get("ports") or []]
    values = [*numbers, spec.get("healthCheckNodePort"), *(spec.get("clusterIPs") or [])]
    return {str(value) for value in values if value}
