"""Run the real kubectl against the real API server of a test."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path


class Kubectl:
    """kubectl as administrator in one namespace.

    Args:
        server: The RealApiServer.
        namespace: The namespace of all commands.
    """

    def __init__(self, server, namespace: str):
        self._program = server.programs.kubernetes / "kubectl"
        self._config = Path(server.folder) / "kubectl.json"
        self._config.write_text(json.dumps(server.kubeconfig(server.admin_user())))
        self._namespace = namespace

    def run(self, *words: str, objects: list[dict] = ()) -> subprocess.CompletedProcess:
        """Run a command; ``objects`` are its standard input."""
        return subprocess.run(
            [self._program, f"--kubeconfig={self._config}", f"-n{self._namespace}", *words],
            input=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}),
            env={**os.environ, "KUBECTL_APPLYSET": "true"},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def apply(self, *flags: str, objects: list[dict]) -> str:
        """Apply objects, which must succeed; return what kubectl printed."""
        done = self.run("apply", "-f-", *flags, objects=objects)
        assert done.returncode == 0, done.stderr
        return done.stdout
