"""Find and run helm and kustomize on the controller."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import InputError

# The major versions that render as the pinned ones do, with the oldest minor version.
COMPATIBLE = {"helm": (3, 13), "kustomize": (5, 0)}
VERSION = {"helm": ("version", "--short"), "kustomize": ("version",)}
SECONDS = 300
HOW_TO_GET = "ansible-playbook slipway.lab.chart_tools"


@dataclass(frozen=True)
class Tool:
    """A program that renders manifests.

    Args:
        name: Its name.
        path: Where it is.
    """

    name: str
    path: str

    @classmethod
    def find(cls, name: str) -> Tool:
        """Return the pinned program in Slipway's cache, or a compatible one of the user's ``PATH``.

        Raises:
            InputError: There is none.
        """
        pinned = os.path.join(cache_dir(), "bin", name)
        if os.access(pinned, os.X_OK):
            return cls(name, pinned)
        path = shutil.which(name)
        get = f"`{HOW_TO_GET}` makes the pinned version, once"
        if not path:
            raise InputError(f"{name} is neither in {pinned} nor in PATH; {get}")
        version = _version(name, path)
        major, minor = COMPATIBLE[name]
        if version[0] != major or version[1] < minor:
            found = ".".join(map(str, version))
            raise InputError(
                f"{path} is {found}, and {major}.{minor} or a later {major}.x is needed; {get}"
            )
        return cls(name, path)

    def run(self, *arguments: str) -> str:
        """Return what the program prints.

        Args:
            arguments: The arguments.

        Raises:
            InputError: It failed. The message has its output.
        """
        try:
            done = subprocess.run(
                [self.path, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InputError(f"{self.name} {arguments[0]}: {error}") from error
        if done.returncode:
            said = done.stderr.strip() or f"exit code {done.returncode}"
            raise InputError(f"{self.name} {arguments[0]}: {said}")
        return done.stdout


def cache_dir() -> str:
    """Return Slipway's cache of the user."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "slipway")


@cache
def _version(name: str, path: str) -> tuple[int, int]:
    done = subprocess.run([path, *VERSION[name]], capture_output=True, text=True, timeout=SECONDS)
    found = re.search(r"v?(\d+)\.(\d+)\.\d+", done.stdout)
    if not found:
        raise InputError(
            f"{path} does not tell its version: {(done.stderr or done.stdout).strip()}"
        )
    return int(found[1]), int(found[2])
