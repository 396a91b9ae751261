"""The snapshots of this user, and the lab that a snapshot is of."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import (
    EngineSilentError,
    read_labs,
    socket_path,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    SnapshotError,
    SnapshotNameError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import Manifest
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.store import Store
from slipway.errors import SlipwayError, UsageError
from slipway.lab.choice import LabChoice
from slipway.lab.lab_name import checked


def own_snapshots(environ: Mapping[str, str] = os.environ) -> Store:
    """Return the snapshots of this user, in the directory that inventories/common/lab.yml gives the playbooks."""
    home = Path(environ.get("HOME") or Path.home())
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
    return Store(data / "slipway/snapshots")


def is_running(name: str) -> bool:
    """Return whether containers of a lab run on this machine."""
    try:
        return any(lab.running for lab in read_labs(socket_path(), name))
    except EngineSilentError:
        return False


@contextmanager
def snapshot_errors() -> Iterator[None]:
    """Turn the errors of snapshots into errors of the command."""
    try:
        yield
    except SnapshotNameError as problem:
        raise UsageError(problem.message) from problem
    except SnapshotError as problem:
        raise SlipwayError(problem.message) from problem


def lab_of(manifest: Manifest, choice: LabChoice, name: str) -> LabChoice:
    """Return the choice of the lab that a snapshot becomes, with its inventories.

    Args:
        manifest: The snapshot.
        choice: What the user said.
        name: Another name of the lab. Empty keeps the name.

    Raises:
        LabNameError: The name is not allowed.
        UsageError: The user named another lab with ``--lab``.
    """
    wanted = checked(name or manifest.lab, "--as")
    if choice.lab and choice.lab != wanted:
        raise UsageError(
            f'--lab {choice.lab}: the snapshot is of the lab "{manifest.lab}"',
            f"restore it under another name with --as {choice.lab}",
        )
    inventories = choice.inventories or tuple(manifest.inventories)
    return replace(choice, lab=wanted, inventories=inventories)
