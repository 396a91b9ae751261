"""Read logs of many pods: the work of the ``workload_logs`` module."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.pods import containers
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import (
    check_reference,
    pods_for,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.logs import logs_at

DURATION = re.compile(r"(\d+)([smhd]?)")
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
MAX_LOG_BYTES = 16 << 20


def log_query(params: dict) -> dict:
    """Return the query parameters of each request.

    Raises:
        KubeError: ``tail`` or ``since`` is not valid.
    """
    if params["tail"] < 0:
        raise KubeError("tail: a number from 0")
    query = {
        "tailLines": params["tail"],
        "previous": params["previous"],
        "timestamps": params["timestamps"],
        "limitBytes": MAX_LOG_BYTES,
    }
    if params.get("since"):
        match = DURATION.fullmatch(params["since"].strip())
        if not match or int(match[1]) == 0:
            raise KubeError(
                f"since: {params['since']!r} is not a valid duration; write 30s, 10m, 2h or 1d"
            )
        query["sinceSeconds"] = int(match[1]) * UNITS[match[2]]
    return query


def log_pattern(params: dict) -> re.Pattern | None:
    """Return the compiled pattern of ``grep``, or None.

    Raises:
        KubeError: The pattern is not valid.
    """
    try:
        return re.compile(params["grep"]) if params.get("grep") else None
    except re.error as error:
        raise KubeError(
            f"grep: {params['grep']!r} is not a valid regular expression: {error}"
        ) from error


def read_logs(module) -> dict:
    """Read the logs of all containers concurrently.

    Raises:
        KubeError: The parameters have a mistake, no pod was found, or no log could be read.
    """
    params = module.params
    check_reference(params)
    query, pattern = log_query(params), log_pattern(params)
    client = KubeClient(params)
    places = _places(params, pods_for(client, Discovery(client), params))
    logs = logs_at(client, params["namespace"], places, query, pattern)
    if logs and all(entry["problem"] for entry in logs):
        raise KubeError("\n".join(sorted({entry["problem"] for entry in logs})), logs=logs)
    return {
        "logs": logs,
        "lines": [f"{entry['pod']}: {line}" for entry in logs for line in entry["lines"]],
    }


def _places(params: dict, pods: list[dict]) -> list[tuple[str, str]]:
    wanted = params.get("container")
    places = [
        (pod["metadata"]["name"], name)
        for pod in pods
        for name, is_permanent in containers(pod)
        if wanted == name or (wanted is None and (is_permanent or params["all_containers"]))
    ]
    if wanted and pods and not places:
        names = sorted({name for pod in pods for name, _ in containers(pod)})
        raise KubeError(f"no pod has a container {wanted}; they have {', '.join(names)}")
    return places
