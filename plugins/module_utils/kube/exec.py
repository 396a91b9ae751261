"""Run a command in a container."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.channel import (
    ERROR,
    STDERR,
    STDOUT,
    Channel,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    KubeClient,
    decode_or_message,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.connection_errors import unreachable
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

MAX_OUTPUT = 16 << 20
CLOSES_STDIN = "v5.channel.k8s.io"


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
        timeout: Seconds after which the connection is closed, whether it was opened or not.

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
    deadline = Deadline(timeout)
    websocket = _within(deadline, lambda: _connect(client, path, query))
    if websocket is None:
        raise KubeError(
            f"pod {namespace}/{pod}: the API server did not open the streams of the command within {timeout:g} s; "
            "the command may have started"
        )
    channel = Channel(websocket, MAX_OUTPUT)
    try:
        if stdin is not None:
            channel.write_input(stdin.encode())
        while channel.is_open:
            if deadline.passed:
                raise KubeError(
                    f"pod {namespace}/{pod}: the command did not end within {timeout:g} s"
                )
            channel.exchange(deadline.remaining())
    finally:
        channel.close()
    return {
        "rc": _return_code(bytes(channel.streams[ERROR]), namespace, pod),
        "stdout": channel.streams[STDOUT].decode("utf-8", "replace"),
        "stderr": channel.streams[STDERR].decode("utf-8", "replace"),
        "truncated": channel.is_cut,
    }


def _within(deadline: Deadline, connect: Callable[[], Any]) -> Any:
    """Return a websocket, or None if it is not open at the deadline; then it is closed as soon as it opens.

    The library has a time limit for each read of the handshake, and none for all of them.
    """
    opened: Future = Future()

    def run() -> None:
        try:
            websocket, error = connect(), None
        except Exception as raised:  # the caller's thread raises it again
            websocket, error = None, raised
        if opened.set_running_or_notify_cancel():
            opened.set_exception(error) if error else opened.set_result(websocket)
        elif websocket:
            websocket.shutdown()

    threading.Thread(target=run, daemon=True).start()
    wait([opened], deadline.remaining())
    return None if opened.cancel() else opened.result()


def _connect(client: KubeClient, path: str, query: list[tuple[str, str]]) -> Any:
    """Open a websocket. It is not retried: the command may have started."""
    transport = client.transport
    # before the imports, because it reports a missing library
    configuration = transport.configuration
    # imported here: only one module needs it, and it costs 50 ms
    from kubernetes.stream.ws_client import create_websocket, get_websocket_url
    from websocket import WebSocketBadStatusException, WebSocketException

    url = get_websocket_url(transport.host + path, query)
    try:
        websocket = create_websocket(configuration, url, transport.websocket_headers())
    except WebSocketBadStatusException as error:
        body = decode_or_message(error.resp_body)
        if error.status_code == 403 and "cannot" not in str(body.get("message")):
            # Kubernetes 1.35 asks for a second right, and refuses without its name
            text = f'{body.get("message", "").strip()} cannot create resource "pods/exec"'
            body = {**body, "message": text}
        raise ApiError(error.status_code, body, "EXEC", path) from error
    except (WebSocketException, OSError) as error:
        raise unreachable(transport.host, error) from error
    chosen = websocket.getheaders().get("sec-websocket-protocol")
    if ("stdin", "true") in query and chosen != CLOSES_STDIN:
        websocket.shutdown()
        raise KubeError(
            "this API server cannot close the standard input of a command; use Kubernetes 1.30 or newer"
        )
    return websocket


def _return_code(status: bytes, namespace: str, pod: str) -> int:
    if not status:
        raise KubeError(f"pod {namespace}/{pod}: the connection broke before the command ended")
    answer = decode_or_message(status)
    if answer.get("status") == "Success":
        return 0
    for cause in (answer.get("details") or {}).get("causes") or []:
        if cause.get("reason") == "ExitCode":
            return int(cause["message"])
    raise KubeError(
        f"pod {namespace}/{pod}: {answer.get('message', 'the command could not be run')}"
    )
