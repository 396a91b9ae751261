"""The place of a student in a class: the file from the teacher, and whether the lab is reached."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.credentials import FORMAT
from slipway.errors import UsageError

SECONDS = 2


def read_place(file: Path) -> dict[str, Any]:
    """Return the file of a student.

    Raises:
        UsageError: It is not such a file.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise UsageError(f"{file} cannot be read: {problem}") from problem
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UsageError(
            f"{file} is not a valid file of a class", "ask the teacher for the file with your name"
        )
    return content


def lab_name(place: Mapping[str, Any]) -> str:
    """Return the name under which a student finds the class."""
    return f"{place['class']}-{place['student']}"


def unreached(place: Mapping[str, Any], forwarded: bool) -> str:
    """Return the address of the lab's API server when it does not answer on the network; empty when it does.

    Args:
        place: The file of the student.
        forwarded: The server is forwarded to loopback.
    """
    server = urlsplit(place["kubeconfig"]["clusters"][0]["cluster"]["server"])
    host, port = server.hostname or "", server.port or 443
    try:
        socket.create_connection(("127.0.0.1" if forwarded else host, port), SECONDS).close()
    except OSError:
        return f"{host}:{port}"
    return ""


def forward_line(place: Mapping[str, Any]) -> str:
    """Return the ssh command that forwards the API server and the student's node port to loopback."""
    server = urlsplit(place["kubeconfig"]["clusters"][0]["cluster"]["server"])
    address, port = place["values"]["address"], place["node_port"]
    return (
        f"ssh -N -L {server.port}:{server.hostname}:{server.port} -L {port}:{address}:{port} "
        "USER@MACHINE-OF-THE-TEACHER"
    )
