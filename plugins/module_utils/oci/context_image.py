"""An image of a build context, made by Docker and known again by a key over everything that goes into it."""

from __future__ import annotations

import contextlib
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


class EngineImages:
    """The images of the engine on this host, asked as :class:`Registry` asks its own."""

    host = ""

    def __init__(self, run: Callable[..., subprocess.CompletedProcess] = subprocess.run):
        self._run = run

    def digest(self, name: str) -> str | None:
        """Return the ID of an image, ``None`` when there is none."""
        return self.described(name).get("digest")

    def described(self, name: str) -> dict:
        """Return ID, settings and layers of an image; empty when there is none."""
        with contextlib.suppress(FileNotFoundError):  # a build names the missing docker
            done = self._run(
                ["docker", "image", "inspect", name], capture_output=True, text=True, check=False
            )
            for found in json.loads(done.stdout or "[]"):
                layers = (found.get("RootFS") or {}).get("Layers") or []
                return {
                    "digest": found["Id"],
                    "settings": found.get("Config") or {},
                    "layers": layers,
                }
        return {}


def find_containerfile(context: Path, name: str | None) -> Path:
    """Return the file with the instructions.

    Raises:
        RegistryError: there is none.
    """
    for one in [name] if name else NAMES:
        if (context / one).is_file():
            return context / one
    raise RegistryError(f"context: {context} has no {name or ' or '.join(NAMES)}")


def context_files(context: Path, containerfile: Path) -> dict[str, Path]:
    """Return the files of a context by their relative names, without those that ``.dockerignore`` leaves out."""
    ignored = read_ignored(context, containerfile)
    files = {str(path.relative_to(context)): path for path in _walk(context)}
    return {name: path for name, path in files.items() if not ignored(name)}


def key(
    registry: Registry | EngineImages, context: Path, containerfile: Path, options: dict
) -> str:
    """Return a key over the context, the instructions, their arguments and the base images."""
    files = context_files(context, containerfile)
    found = {
        "files": {name: _file(path) for name, path in files.items()},
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
    push: bool = True,
    report: Callable[[str], None] | None = None,
) -> None:
    """Build the image ``reference``.

    Args:
        reference: Name of the image, with the registry if it is pushed.
        context: Directory of the context.
        containerfile: File with the instructions.
        options: Build arguments and labels.
        run: Runs a program.
        push: Push the image, and remove its copy on this host. Otherwise it stays in the engine.
        report: Receives each line that the build prints.

    Raises:
        RegistryError: Docker is missing, or a step failed.
    """
    if not shutil.which("docker"):
        raise RegistryError("docker is not installed on this host; a context is built with it")
    command = ["docker", "build", *(["--pull"] if push else []), "--tag", reference]
    command += ["--file", str(containerfile)]
    for name, value in options["build_args"].items():
        command += ["--build-arg", f"{name}={value}"]
    for name, value in options["labels"].items():
        command += ["--label", f"{name}={value}"]
    if report:
        _build([*command, str(context)], report)
    else:
        _run(run, "build", [*command, str(context)])
    if not push:
        return
    try:
        _run(run, "push", ["docker", "push", reference])
    finally:
        run(["docker", "rmi", reference], capture_output=True, check=False)


def _build(command: list[str], report: Callable[[str], None]) -> None:
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    lines = []
    for line in child.stdout:
        lines.append(line.rstrip())
        report(line.strip())
    if code := child.wait():
        said = "\n".join(lines[-LOG_TAIL_LINES:])
        raise RegistryError(f"docker build ended with {code}:\n{said}")


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


def _base(registry: Registry | EngineImages, name: str) -> str | None:
    if not registry.host:
        return registry.digest(name)
    host, slash, rest = name.partition("/")
    return registry.digest(rest) if slash and host == registry.host else None
