"""Find the Docker daemon that the command ``docker`` of this user talks to."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.common.docker_socket import SOCKET

DEFAULT_CONTEXT = "default"
TLS_VARIABLES = ("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")


@dataclass(frozen=True)
class Endpoint:
    """Address of the daemon.

    ``origin`` names the setting that chose the address, and ``remedy`` the command that undoes it.
    Both are empty for the default address.
    """

    address: str = f"unix://{SOCKET}"
    origin: str = ""
    remedy: str = ""

    @property
    def path(self) -> str:
        """Return the path of the socket, or an empty string if the daemon is elsewhere."""
        return self.address.removeprefix("unix://") if self.address.startswith("unix://") else ""

    @property
    def is_default(self) -> bool:
        """Return whether this is the socket of the system's engine, by whatever name."""
        return bool(self.path) and os.path.realpath(self.path) == os.path.realpath(SOCKET)


def docker_endpoint(environ: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that the command ``docker`` uses.

    The order is Docker's own: ``DOCKER_HOST``, then ``DOCKER_CONTEXT``, then ``currentContext`` of the
    user's configuration (https://docs.docker.com/engine/manage-resources/contexts/). A context whose
    address is the default one counts as the default.

    Args:
        environ: Environment variables of the user.
    """
    if environ.get("DOCKER_HOST"):
        left = [name for name in TLS_VARIABLES if name in environ]
        remedy = " ".join(["unset DOCKER_HOST", *left])
        return Endpoint(environ["DOCKER_HOST"], "DOCKER_HOST", remedy)
    if environ.get("DOCKER_TLS_VERIFY"):
        # Left over from "eval $(minikube docker-env)" or docker-machine: the client then asks this port.
        return Endpoint(
            "tcp://localhost:2376", "DOCKER_TLS_VERIFY", "unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH"
        )
    home = environ.get("HOME") or os.path.expanduser("~")
    folder = Path(environ.get("DOCKER_CONFIG") or f"{home}/.docker")
    name = environ.get("DOCKER_CONTEXT") or _read(folder / "config.json").get("currentContext")
    if not isinstance(name, str) or name in ("", DEFAULT_CONTEXT):
        return Endpoint()
    identity = hashlib.sha256(name.encode()).hexdigest()
    meta = _read(folder / "contexts/meta" / identity / "meta.json")
    try:
        address = str(meta["Endpoints"]["docker"]["Host"])
    except (KeyError, TypeError):
        address = "unknown"
    endpoint = Endpoint(address, f'the context "{name}"', "export DOCKER_CONTEXT=default")
    return Endpoint() if endpoint.is_default else endpoint


def _read(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
