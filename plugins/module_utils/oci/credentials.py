"""Credentials of registries, as ``docker login`` keeps them."""

from __future__ import annotations

import base64
import binascii
import json
import os
import subprocess
from pathlib import Path

HELPER_TIMEOUT = 20


def find_credentials(host: str) -> str:
    """Return ``USER:PASSWORD`` for a registry, or an empty text if Docker has none.

    The format of the file is Docker's (https://docs.docker.com/reference/cli/docker/login/#credential-stores).

    Args:
        host: Address and port of the registry.
    """
    folder = os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker"
    try:
        config = json.loads((Path(folder) / "config.json").read_text())
    except (OSError, ValueError):
        return ""
    helper = (config.get("credHelpers") or {}).get(host) or config.get("credsStore")
    if helper and (found := _ask_helper(helper, host)):
        return found
    entry = (config.get("auths") or {}).get(host) or {}
    try:
        return base64.b64decode(entry.get("auth") or "").decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _ask_helper(helper: str, host: str) -> str:
    """Ask a credential helper, a program that answers with JSON. It fails when it has no entry for the host."""
    try:
        done = subprocess.run(
            [f"docker-credential-{helper}", "get"],
            input=host,
            capture_output=True,
            text=True,
            timeout=HELPER_TIMEOUT,
            check=True,
        )
        answer = json.loads(done.stdout)
        return f"{answer['Username']}:{answer['Secret']}"
    except (OSError, ValueError, KeyError, subprocess.SubprocessError):
        return ""
