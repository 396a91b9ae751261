"""Download the wheels of a lock for a release of Python that need not be installed.

Usage: download_wheels.py LOCK RELEASE MACHINE DIRECTORY
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

# Platforms of wheels that run on glibc 2.28 and newer. pip does not derive the older names from the newest.
PLATFORMS = ("manylinux_2_28", "manylinux_2_17", "manylinux2014", "manylinux_2_5", "manylinux1")


def requirements_for(lock: str, release: str) -> Iterator[str]:
    """Yield the entries of a lock, with their hashes, whose markers hold on Linux with this release of Python."""
    environment = {
        "python_version": release,
        "python_full_version": f"{release}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
    }
    for entry in re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^#.*\n", "", lock)):
        head, *hashes = entry.split(" \\\n")
        requirement = Requirement(head)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield " ".join([f"{requirement.name}{requirement.specifier}", *map(str.strip, hashes)])


def main() -> None:
    """Download into the directory; exit with pip's code."""
    lock, release, machine, directory = sys.argv[1:]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write("\n".join(requirements_for(Path(lock).read_text(), release)))
        wanted.flush()
        platforms = [f"--platform={name}_{machine}" for name in PLATFORMS]
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--require-hashes",
            "--no-deps",
            "--only-binary=:all:",
        ]
        command += [f"--python-version={release}", *platforms, "-r", wanted.name, "-d", directory]
        sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
