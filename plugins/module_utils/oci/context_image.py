"""An image of a build context, made by Docker and known again by a key over everything that goes into it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.oci.ignore import read_ignored
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import (
    Registry,
    RegistryError,
)

# Label of a built image: what it was built from.
KEY = "slipway.key"
FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*(\S+)", re.IGNORECASE | re.MULTILINE)
NAMES = ("Containerfile", "Dockerfile")
LOG_TAIL_LINES = 20


def find_containerfile(context: Path, name: str | None) -> Path:
    """Return the file with the instructions.

    Raises:
        RegistryError: there is none.
    """
    for one in [name] if name else NAMES:
        if (context / one).is_file():
            return context / one
    raise RegistryError(f"context: {context} has no {name or ' or '.join(NAMES)}")


def key(registry: Registry, context: Path, containerfile: Path, options: dict) -> str:
    """Return a key over the context, the instructions, their arguments and the base images of the registry."""
    ignored = read_ignored(context, containerfile)
    files = {str(path.relative_to(context)): path for path in _walk(context)}
    found = {
        "files": {name: _file(path) for name, path in files.items() if not ignored(name)},
        "containerfile": containerfile.read_text(),
        "arguments": options["build_args"],
        "labels": options["labels"],
        "bases": {name: _base(registry, name) for name in FROM.findall(containerfile.read_text())},
    }
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def build(
    reference: str,
    context: Path,
    containerfile: Path,
    options: dict,
    run: Callable[..., subprocess.CompletedProcess] = subprocess.run,
) -> None:
    """Build and push the image ``reference``; its copy on this host goes.

    Raises:
        RegistryError: Docker is missing, or a step failed.
    """
    if not shutil.which("docker"):
        raise RegistryError("docker is not installed on this host; a context is built with it")
    command = ["docker", "build", "--pull", "--tag", reference, "--file", str(containerfile)]
    for name, value in options["build_args"].items():
        command += ["--build-arg", f"{name}={value}"]
    for name, value in options["labels"].items():
        command += ["--label", f"{name}={value}"]
    _run(run, "build", [*command, str(context)])
    try:
        _run(run, "push", ["docker", "push", reference])
    finally:
        run(["docker", "rmi", reference], capture_output=True, check=False)


def _run(run: Callable, step: str, command: list[str]) -> None:
    done = run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-LOG_TAIL_LINES:]
        raise RegistryError(f"docker {step} ended with {done.returncode}:\n" + "\n".join(said))


def _walk(context: Path) -> list[Path]:
    found = []
    for folder, folders, names in os.walk(context):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        found += [Path(folder) / name for name in (*names, *links)]
    return sorted(found)


def _file(path: Path) -> str:
    if path.is_symlink():
        return f"-> {os.readlink(path)}"
    return f"{path.stat().st_mode & 0o777:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _base(registry: Registry, name: str) -> str | None:
    host, slash, rest = name.partition("/")
    return registry.digest(rest) if slash and host == registry.host else None
