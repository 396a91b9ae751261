"""Ask the Docker daemon over its socket: quicker than its client, and without one."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

SOCKET = "/var/run/docker.sock"
TIMEOUT = 3.0
# Errors of a request: the engine does not answer, refuses this user, or is not Docker.
SocketErrors = (OSError, http.client.HTTPException, ValueError)


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float):
        super().__init__("docker", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def read_docker(path: str, url: str, timeout: float = TIMEOUT) -> Any:
    """Return what the daemon answers to a request.

    Args:
        path: Path of the socket.
        url: Path and query of the request.
        timeout: Maximum seconds for each part of the answer.

    Raises:
        OSError: The daemon does not answer, or this user may not ask it.
        HTTPException: The answer is not HTTP.
        ValueError: The answer is not JSON.
    """
    return ask_docker(path, "GET", url, timeout=timeout)[1]


def ask_docker(
    path: str, method: str, url: str, body: Any = None, timeout: float = TIMEOUT
) -> tuple[int, Any]:
    """Return the status and the content of the daemon's answer; takes and raises the same as :func:`read_docker`.

    Args:
        path: Path of the socket.
        method: Method of HTTP.
        url: Path and query of the request.
        body: Data that is sent as JSON.
        timeout: Maximum seconds for each part of the answer.
    """
    connection = _Connection(path, timeout)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, url, content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None
    finally:
        connection.close()
