"""A container engine that runs the scripts of nodes in a directory, with stand-ins for the programs of a node."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

PROGRAMS = {
    "pgrep": 'exec cat "$ROOT/etcd.pid"',
    "systemctl": 'echo "systemctl $*" >>"$ROOT/calls"',
    "crictl": 'echo "crictl $1" >>"$ROOT/calls"',
    "containerd": "exec sleep 60",
    "ctr": 'echo "ctr $*" >>"$ROOT/calls"\ncase "$*" in *list*) echo etcd:3; echo sha256:1 ;; esac',
}
PLACES = ("/var/lib/", "/var/tmp/", "/etc/containerd/", "/node")


class ScriptEngine:
    """Runs the scripts of a node in a directory that stands for its file system.

    Args:
        root: The directory. Its file ``calls`` lists the commands of the stand-ins.
    """

    def __init__(self, root: Path):
        self.root = root
        (root / "bin").mkdir()
        for name, text in PROGRAMS.items():
            self.add_program(name, text)

    def add_program(self, name: str, text: str) -> None:
        """Write a stand-in for a program."""
        program = self.root / "bin" / name
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)

    def calls(self) -> str:
        """Return the commands of the stand-ins."""
        path = self.root / "calls"
        return path.read_text() if path.exists() else ""

    def run(self, *command: str) -> SimpleNamespace:
        """Run a script in a node; any other command succeeds."""
        if command[0] != "exec":
            return SimpleNamespace(returncode=0, stdout="")
        return self._run(command[-1], check=False)

    def run_in(self, _container: str, *command: str, seconds: int = 60) -> None:
        """Run a script in a node."""
        self._run(command[-1], check=True)

    def run_with_volume(
        self, _image: str, _volume: str, _mount: str, *command: str, seconds: int = 60
    ) -> None:
        """Run a script in a container with the volume of a node."""
        self._run(command[-1], check=True)

    def _run(self, text: str, check: bool) -> subprocess.CompletedProcess:
        for place in PLACES:
            text = text.replace(place, f"{self.root}{place}")
        environment = {"PATH": f"{self.root}/bin:{os.environ['PATH']}", "ROOT": str(self.root)}
        return subprocess.run(
            ["sh", "-euc", text], cwd=self.root, env=os.environ | environment, check=check
        )
