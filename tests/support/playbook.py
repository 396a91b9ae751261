"""Run one task with ansible-playbook, as a user does: with the action plugin, and files beside the playbook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


class Playbook:
    """A directory with a playbook of one task.

    Args:
        directory: Where the playbook and its files are.
        connection: Options of each task: how to reach the cluster.
    """

    def __init__(self, directory: Path, **connection):
        self.directory = directory
        self._connection = connection

    def run(self, module: str, *flags: str, **options) -> dict:
        """Run a task of a module of Slipway, or of another collection by its full name; return its result."""
        name = module if "." in module else f"slipway.lab.{module}"
        result = self.directory / "result.json"
        result.unlink(missing_ok=True)
        tasks = [
            {name: {**self._connection, **options}, "register": "done", "ignore_errors": True},
            {"ansible.builtin.copy": {"dest": str(result), "content": "{{ done | to_json }}"}, "check_mode": False},
        ]  # fmt: skip
        play = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
        (self.directory / "play.yml").write_text(yaml.safe_dump(play))
        self.output = self.command(
            "ansible-playbook", "-i", "localhost,", "-c", "local", *flags, "play.yml"
        )
        return json.loads(result.read_text())

    def command(self, *command: str) -> str:
        """Run a program of Ansible beside the playbook; return what it printed."""
        binaries = Path(sys.executable).parent
        environment = {
            **os.environ,
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "PATH": f"{binaries}:{os.environ['PATH']}",
        }
        done = subprocess.run(
            command, cwd=self.directory, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
