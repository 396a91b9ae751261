"""The programs that copy root file systems, volumes and the state of a lab."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.engine import COPIER
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import Part
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import (
    Packer,
    make_pipe,
)

# Files of overlay file systems in a host: markers of removed files, and trusted.* attributes.
TAR = ("--numeric-owner", "--xattrs", "--xattrs-include=*")
# Files of the state that belong to runs and to k9s, not to the lab.
OF_RUNS = (
    "lock", "logs", "work", "bench", "conformance", "k9s", "durations.json", "images.json", "security.json",
    "snapshot.json", ".restore",
)  # fmt: skip


class Copier:
    """Copies between a lab and the files of a snapshot.

    Args:
        packer: Runs the programs.
        scratch: Directory for named pipes.
        image: Image with ``tar``, for containers that reach volumes.
    """

    def __init__(self, packer: Packer, scratch: Path, image: str = ""):
        self.packer = packer
        self.scratch = scratch
        self.image = image

    def save_root(self, container: str, target: Path, content: int) -> Part:
        """Save the root file system of a container, without its volumes."""
        return self.packer.pack(["docker", "export", container], target, content, None)

    def load_root(self, part: Part, file: Path, image: str, labels: Sequence[str]) -> None:
        """Create an image from a saved root file system."""
        changes = [f"--change=LABEL {label}" for label in labels]
        self.packer.unpack(part, file, ["docker", "import", *changes, "-", image], None)

    def save_volume(self, volume: str, target: Path, content: int) -> Part:
        """Save the files of a volume."""
        pipe = make_pipe(self.scratch, volume)
        words = ["--create", "--sparse", *TAR, "--file=/pipe/data", "--directory=/volume", "."]
        command = self._beside([f"{volume}:/volume:ro", f"{pipe.parent}:/pipe"], "tar", words)
        return self.packer.pack(command, target, content, pipe)

    def load_volume(self, part: Part, file: Path, volume: str) -> None:
        """Write saved files into an empty volume."""
        pipe = make_pipe(self.scratch, volume)
        words = ["--extract", *TAR, "--file=/pipe/data", "--directory=/volume"]
        command = self._beside([f"{volume}:/volume", f"{pipe.parent}:/pipe"], "tar", words)
        self.packer.unpack(part, file, command, pipe)

    def save_state(self, directory: Path, target: Path) -> Part:
        """Save the state of the lab."""
        names = state_entries(directory)
        command = ["tar", "--create", "--file=-", f"--directory={directory}", "--", *names]
        return self.packer.pack(command, target, tree_size(directory, names), None)

    def load_state(self, part: Part, file: Path, directory: Path) -> None:
        """Write the saved state into an empty directory."""
        command = ["tar", "--extract", "--file=-", f"--directory={directory}"]
        self.packer.unpack(part, file, [*command, "--no-same-owner", "--same-permissions"], None)

    def volume_sizes(self, volumes: Sequence[str]) -> list[int]:
        """Return the bytes of volumes.

        Raises:
            SnapshotError: They cannot be read.
        """
        if not volumes:
            return []
        places = [f"/volumes/{number}" for number in range(len(volumes))]
        mounts = [f"{name}:{place}:ro" for name, place in zip(volumes, places)]
        command = self._beside(mounts, "du", ["--summarize", "--block-size=1", *places])
        done = subprocess.run(command, capture_output=True, text=True)
        found = [int(line.split()[0]) for line in done.stdout.splitlines()]
        # Files of a lab that runs disappear meanwhile, which du reports as an error.
        if len(found) != len(volumes):
            raise SnapshotError(f"the volumes cannot be read: {done.stderr.strip()}")
        return found

    def _beside(self, mounts: Sequence[str], program: str, words: Sequence[str]) -> list[str]:
        """Return the command line of a program in a container of its own."""
        return [
            "docker", "run", "--rm", "--network=none", "--cap-add=SYS_ADMIN", f"--label={COPIER}",
            f"--entrypoint={program}",
            *[f"--volume={mount}" for mount in mounts], self.image, *words,
        ]  # fmt: skip


def state_entries(directory: Path) -> list[str]:
    """Return the names of the files and directories that are the state of a lab."""
    found = (one.name for one in directory.iterdir()) if directory.is_dir() else ()
    return sorted(name for name in found if name not in OF_RUNS)


def tree_size(directory: Path, names: Sequence[str]) -> int:
    """Return the bytes of files and directories."""
    tops = [directory / name for name in names]
    files = [*tops, *(path for top in tops if not top.is_symlink() for path in top.rglob("*"))]
    return sum(path.lstat().st_size for path in files)
