"""The node images of a container engine."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine, EngineError


def ensure_image(engine: Engine, reference: str, report: Callable[[str], None]) -> None:
    """Pull an image that the engine lacks, or has only under another digest than the declared one.

    Args:
        engine: Pulls with its own settings (registries, credentials, mirrors).
        reference: ``NAME:TAG`` or ``NAME:TAG@sha256:DIGEST``.
        report: Receives a line for each step.

    Raises:
        EngineError: The image cannot be pulled.
    """
    name, _at, digest = reference.partition("@")
    found = engine.run("image", "inspect", "--format", "{{.RepoDigests}}", name)
    if found.returncode == 0 and digest in found.stdout:
        return
    _pull(engine, reference, report)
    if digest:
        # The engine gives no tag to what it pulls by digest, and Minikube finds only an image with both.
        engine.run("tag", reference, name)


def _pull(engine: Engine, reference: str, report: Callable[[str], None]) -> None:
    report(f"Pulling {reference}")
    child = subprocess.Popen(
        [engine.binary, "pull", reference],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    for line in child.stdout:
        lines.append(line.strip())
        report(f"Pulling {reference}: {line.strip()}")
    if child.wait() != 0:
        raise EngineError(
            f"base_image: {reference} cannot be pulled: {lines[-1] if lines else 'no answer'}. "
            f"Nothing was changed; check the name with '{engine.binary} pull {reference}'"
        )
