"""Run a command in a container, with what it reads and what it says."""

from __future__ import annotations

import json
import time

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

STDIN, STDOUT, STDERR, ERROR = 0, 1, 2, 3
MOST_OUTPUT = 16 << 20
CHUNK = 1 << 16


def run_in_pod(
    client: KubeClient,
    namespace: str,
    pod: str,
    container: str,
    argv: list[str],
    stdin: str | None,
    timeout: float,
) -> dict:
    """``{"rc", "stdout", "stderr"}`` of the command. Raises KubeError when it could not be run or
    took too long.
    """
    path = f"/api/v1/namespaces/{path_segment(namespace)}/pods/{path_segment(pod)}/exec"
    query = [("command", part) for part in argv]
    query += [("container", container), ("stdout", "true"), ("stderr", "true")]
    if stdin is not None:
        query.append(("stdin", "true"))
    channel = client.websocket(path, query)
    try:
        if stdin is not None:
            _feed(channel, stdin.encode(), pod)
        output = {STDOUT: b"", STDERR: b""}
        end = time.monotonic() + timeout
        while channel.is_open():
            left = end - time.monotonic()
            if left <= 0:
                raise KubeError(
                    f"pod {namespace}/{pod}: the command did not end within {timeout:g} s"
                )
            channel.update(timeout=min(left, 1.0))
            _drain(channel, output)
        _drain(channel, output)
        status = channel.read_channel(ERROR)
    finally:
        channel.close()
    return {
        "rc": _return_code(status, namespace, pod),
        "stdout": output[STDOUT].decode("utf-8", "replace"),
        "stderr": output[STDERR].decode("utf-8", "replace"),
    }


def _feed(channel, data: bytes, pod: str) -> None:
    for start in range(0, len(data), CHUNK):
        channel.write_channel(STDIN, data[start : start + CHUNK])
    if channel.subprotocol != "v5.channel.k8s.io":
        raise KubeError(
            f"pod {pod}: this API server can not end the standard input of a command; "
            "it is older than Kubernetes 1.30"
        )
    channel.close_channel(STDIN)


def _drain(channel, output: dict[int, bytes]) -> None:
    for number in output:
        data = channel.read_channel(number)
        if len(output[number]) < MOST_OUTPUT:
            output[number] += data


def _return_code(status: bytes, namespace: str, pod: str) -> int:
    if not status:
        raise KubeError(f"pod {namespace}/{pod}: the connection broke before the command ended")
    answer = json.loads(status)
    if answer.get("status") == "Success":
        return 0
    for cause in (answer.get("details") or {}).get("causes") or []:
        if cause.get("reason") == "ExitCode":
            return int(cause["message"])
    raise KubeError(
        f"pod {namespace}/{pod}: {answer.get('message', 'the command could not be run')}"
    )
