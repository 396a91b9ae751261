"""Read and write the configuration file of a profile."""

from __future__ import annotations

import json
from pathlib import Path


def find_config(path: Path) -> tuple[dict, str]:
    """Return the configuration and its problem; an empty configuration when none is usable.

    Minikube removes the old file before it renames the new one (SaveProfile). A kill in between leaves only
    ``config.json.tmpNNN``, which is complete.

    Args:
        path: The file ``config.json``.
    """
    spare = sorted(
        path.parent.glob("config.json.tmp*"), key=lambda p: p.stat().st_mtime, reverse=True
    )
    problem = ""
    for candidate in [path, *spare]:
        try:
            config = json.loads(candidate.read_text())
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            problem = problem or f"{candidate}: {error}"
            continue
        if config.get("Driver") and config.get("Nodes"):
            return (
                config,
                "" if candidate == path else f"only {candidate.name} is left of config.json",
            )
        problem = problem or f"{candidate}: has no driver or no nodes"
    return {}, problem


def read_config(path: Path) -> dict:
    """Return the configuration of an existing profile."""
    return json.loads(path.read_text())


def write_config(path: Path, config: dict) -> None:
    """Replace the configuration of a profile atomically, with mode 0600."""
    partial = path.with_name(".config.json.new")
    partial.write_text(json.dumps(config, indent=4))
    partial.chmod(0o600)
    partial.replace(path)
