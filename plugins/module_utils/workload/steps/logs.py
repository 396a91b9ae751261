"""Read the logs of many containers."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment


def logs_at(
    client: KubeClient,
    namespace: str,
    places: list[tuple[str, str]],
    query: dict,
    pattern: re.Pattern | None = None,
) -> list[dict]:
    """Return the logs of containers, each given by its pod and its name.

    Returns:
        ``pod``, ``container``, ``lines`` and ``problem`` of each, the reason why it could not be read.
    """
    root = f"/api/v1/namespaces/{path_segment(namespace)}/pods"
    texts = client.parallel(
        lambda place: client.text(
            f"{root}/{path_segment(place[0])}/log", container=place[1], **query
        ),
        places,
    )
    return [_entry(pod, container, text, pattern) for (pod, container), text in zip(places, texts)]


def _entry(pod: str, container: str, text: str | KubeError, pattern: re.Pattern | None) -> dict:
    lines, problem = [], ""
    if isinstance(text, KubeError):
        problem = str(text)
    else:
        lines = [
            line
            for line in text.rstrip("\n").splitlines()
            if pattern is None or pattern.search(line)
        ]
    return {"pod": pod, "container": container, "lines": lines, "problem": problem}
