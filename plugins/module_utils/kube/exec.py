"""Run a command in a container."""

from __future__ import annotations

import json
import time

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    KubeClient,
    decode_or_message,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.connection_errors import unreachable
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

STDIN, STDOUT, STDERR, ERROR = 0, 1, 2, 3
MAX_OUTPUT = 16 << 20
CHUNK_SIZE = 1 << 16


def run_in_pod(
    client: KubeClient,
    namespace: str,
    pod: str,
    container: str,
    argv: list[str],
    stdin: str | None,
    timeout: float,
) -> dict:
    """Run a command and wait until it ends.

    Args:
        client: Opens the connection.
        namespace: Namespace of the pod.
        pod: Name of the pod.
        container: Name of the container.
        argv: The program and its arguments.
        stdin: Text for the standard input, or None to leave it closed.
        timeout: Seconds after which the connection is closed.

    Returns:
        The mapping ``rc``, ``stdout``, ``stderr`` and ``truncated``: whether the output was longer than MAX_OUTPUT.

    Raises:
        KubeError: The command could not be run or did not end in time.
    """
    path = f"/api/v1/namespaces/{path_segment(namespace)}/pods/{path_segment(pod)}/exec"
    query = [("command", part) for part in argv]
    query += [("container", container), ("stdout", "true"), ("stderr", "true")]
    if stdin is not None:
        query.append(("stdin", "true"))
    channel = _open_channel(client, path, query)
    try:
        if stdin is not None:
            _feed(channel, stdin.encode(), pod)
        output, truncated = {STDOUT: b"", STDERR: b""}, False
        end = time.monotonic() + timeout
        while channel.is_open():
            left = end - time.monotonic()
            if left <= 0:
                raise KubeError(
                    f"pod {namespace}/{pod}: the command did not end within {timeout:g} s"
                )
            channel.update(timeout=min(left, 1.0))
            truncated |= _drain(channel, output)
        truncated |= _drain(channel, output)
        status = channel.read_channel(ERROR)
    finally:
        channel.close()
    return {
        "rc": _return_code(status, namespace, pod),
        "stdout": output[STDOUT].decode("utf-8", "replace"),
        "stderr": output[STDERR].decode("utf-8", "replace"),
        "truncated": truncated,
    }


def _open_channel(client: KubeClient, path: str, query: list[tuple[str, str]]):
    """Open a websocket that carries bytes. It is not retried: the command may have started."""
    # imported here: only one module needs it, and it costs 50 ms
    from kubernetes.stream.ws_client import WSClient, get_websocket_url
    from websocket import WebSocketBadStatusException, WebSocketException

    class Channel(WSClient):
        """A channel that treats a broken connection as its end."""

        def update(self, timeout=0):
            """Take what has arrived."""
            try:
                super().update(timeout=timeout)
            except (WebSocketException, OSError):
                self._connected = False

    transport = client.transport
    url = get_websocket_url(transport.host + path, query)
    headers = transport.websocket_headers()
    try:
        return Channel(transport.configuration, url, headers, capture_all=False, binary=True)
    except WebSocketBadStatusException as error:
        body = decode_or_message(error.resp_body)
        if error.status_code == 403 and "cannot" not in str(body.get("message")):
            # Kubernetes 1.35 asks for a second right, and refuses without its name
            text = f'{body.get("message", "").strip()} cannot create resource "pods/exec"'
            body = {**body, "message": text}
        raise ApiError(error.status_code, body, "EXEC", path) from error
    except (WebSocketException, OSError) as error:
        raise unreachable(transport.host, error) from error


def _feed(channel, data: bytes, pod: str) -> None:
    for start in range(0, len(data), CHUNK_SIZE):
        channel.write_channel(STDIN, data[start : start + CHUNK_SIZE])
        # a command that writes while it reads waits until its output is taken
        channel.update(timeout=0)
    if channel.subprotocol != "v5.channel.k8s.io":
        raise KubeError(
            f"pod {pod}: this API server cannot close the standard input of a command; "
            "use Kubernetes 1.30 or newer"
        )
    channel.close_channel(STDIN)


def _drain(channel, output: dict[int, bytes]) -> bool:
    """Take what has arrived, and return whether some of it exceeds the limit and is dropped."""
    is_cut = False
    for number in output:
        whole = output[number] + channel.read_channel(number)
        output[number] = whole[:MAX_OUTPUT]
        is_cut |= len(whole) > MAX_OUTPUT
    return is_cut


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
