"""A script of the role kubernetes in a directory that stands for a host, with stand-ins for its programs."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from support.lab import ROOT


def install_script(
    host: Path, name: str, programs: Mapping[str, str], places: Mapping[str, str]
) -> None:
    """Write a script of ``roles/kubernetes/files`` and its programs into a directory.

    Args:
        host: The directory. ``HERE`` in the programs is its path.
        name: The name of the script.
        programs: Stand-ins by name, as scripts of the shell.
        places: Directories of the host, each with the one below ``host`` in its place.
    """
    (host / "programs").mkdir()
    for program, text in programs.items():
        path = host / "programs" / program
        path.write_text(f"#!/bin/sh\nset -eu\n{text.replace('HERE', str(host))}\n")
        path.chmod(0o755)
    text = (ROOT / "roles/kubernetes/files" / name).read_text()
    for real, own in {"/usr/local/lib/slipway/kubernetes": "programs", **places}.items():
        text = text.replace(real, str(host / own))
    (host / "script").write_text(text)


def run_script(host: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed script to its end."""
    return subprocess.run(["sh", str(host / "script"), *arguments], capture_output=True, text=True)
