"""The command on a lab of its own, beside the user's, which stays untouched."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INVENTORIES = (ROOT / "inventories/lab", ROOT / "tests/acceptance/inventory")
LAB = "acceptance"


class Slipway:
    """The command, as a user calls it, on the lab of the tests."""

    root = ROOT
    environment = {**os.environ, "ANSIBLE_INVENTORY": ",".join(map(str, INVENTORIES))}

    def start(self, *arguments, **more):
        """Start the command in a process group of its own."""
        return subprocess.Popen(
            [str(self.root / "slipway"), *arguments],
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments, timeout=3000, **more):
        """Run the command to its end."""
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=timeout)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def json(self, *arguments):
        """Run the command with ``--json`` and return its result; it must succeed."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr[-6000:]
        return json.loads(done.stdout)

    def export_image(self, node, name, target):
        """Write an image of a node to an archive on this machine."""
        file = "/var/export.tar"
        words = ("ctr", "--namespace", "k8s.io", "images", "export", file, name)
        done = self.run("shell", node, "--", *words)
        assert done.returncode == 0, done.stderr
        command = [str(self.root / "slipway"), "shell", node, "--", "cat", file]
        with target.open("wb") as stream:
            subprocess.run(command, stdout=stream, env=self.environment, check=True)
        self.run("shell", node, "--", "rm", file)

    @property
    def state(self):
        """State directory of the lab."""
        home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state"
        return Path(home) / "slipway" / LAB
