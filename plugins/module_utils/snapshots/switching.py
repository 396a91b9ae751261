"""Replace a lab by its restored state, or discard that."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.copying import state_entries
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.journal import (
    FILLED,
    RESTORED_IMAGE,
    SWITCHED,
    SWITCHING,
    Journal,
    forget_journal,
    new_state,
    old_state,
    read_journal,
)

REPLACED = "-replaced"
ATTEMPTS = 60


def switch(engine: Engine, lab: str, state: Path) -> None:
    """Replace a lab that is stopped by its restored state. :func:`recover` removes the data of the old one.

    Args:
        engine: The engine.
        lab: Name of the lab.
        state: Directory of its state.

    Raises:
        SnapshotError: There is no restored state, the lab runs, or the engine refuses a container. The lab has its
            old state then.
    """
    journal = read_journal(state)
    if journal is None or journal.stage != FILLED:
        raise SnapshotError(
            f"no snapshot was copied beside the lab {lab} that it could be replaced by"
        )
    present = engine.containers(lab)
    if running := [one["Name"].lstrip("/") for one in present if one["State"]["Running"]]:
        raise SnapshotError(f"{', '.join(running)} runs; stop the lab first")
    journal.stage = SWITCHING
    journal.write(state)
    try:
        _place_containers(engine, journal)
    except SnapshotError:
        _return_containers(engine, journal)
        discard(engine, state, journal)
        raise
    _replace(engine, state, journal)


def recover(engine: Engine, state: Path) -> str:
    """End a restore, also an interrupted one; return ``old`` or ``new``, the state that the lab has.

    Without a restore, that is empty.

    Args:
        engine: The engine.
        state: Directory of the state of the lab.
    """
    journal = read_journal(state)
    if journal is None:
        return ""
    if journal.stage == SWITCHING:
        _place_containers(engine, journal)
        _replace(engine, state, journal)
    if journal.stage == SWITCHED:
        _remove_old_data(engine, state, journal)
        return "new"
    discard(engine, state, journal)
    return "old"


def is_unfinished(state: Path) -> bool:
    """Return whether a restore has not ended."""
    return read_journal(state) is not None


def discard(engine: Engine, state: Path, journal: Journal) -> None:
    """Remove what a restore has created. The lab has its old state."""
    for name in set(journal.volumes) - set(journal.old_volumes):
        _remove_volume(engine, name)
    _remove_images(engine, set(journal.images) - set(journal.old_images))
    if journal.network:
        engine.ask("DELETE", f"/networks/{journal.network}", accepted=(404,))
    forget_journal(state)
    with suppress(OSError):  # of a lab that did not exist
        state.rmdir()


def _place_containers(engine: Engine, journal: Journal) -> None:
    """Rename the old containers, and create the new ones. It can be repeated."""
    for name in journal.old_containers:
        old = engine.ask("GET", f"/containers/{name}{REPLACED}/json", accepted=(404,))
        if old is None:
            engine.ask("POST", f"/containers/{name}/rename?name={name}{REPLACED}", accepted=(404,))
    for name, body in journal.containers.items():
        if engine.ask("GET", f"/containers/{name}/json", accepted=(404,)) is None:
            engine.ask("POST", f"/containers/create?name={name}", body)


def _return_containers(engine: Engine, journal: Journal) -> None:
    for name in journal.containers:
        engine.remove_container(name)
    for name in journal.old_containers:
        engine.ask("POST", f"/containers/{name}{REPLACED}/rename?name={name}", accepted=(404,))


def _replace(engine: Engine, state: Path, journal: Journal) -> None:
    """Put the new files in the place of the old ones, and remove the old containers. It can be repeated."""
    new, old = new_state(state), old_state(state)
    old.mkdir(exist_ok=True, mode=0o700)
    # Entries of `new` are not in their place yet, and those of `old` are from before.
    for name in state_entries(state):
        if not (old / name).exists() and not (old / "complete").exists():
            (state / name).rename(old / name)
    (old / "complete").touch()
    for path in list(new.iterdir()) if new.exists() else ():
        path.rename(state / path.name)
    for name in journal.old_containers:
        engine.remove_container(f"{name}{REPLACED}")
    journal.stage = SWITCHED
    journal.write(state)


def _remove_old_data(engine: Engine, state: Path, journal: Journal) -> None:
    """Remove the volumes, images and files of the old lab. It can be repeated."""
    for name in set(journal.old_volumes) - set(journal.volumes):
        _remove_volume(engine, name)
    _remove_images(engine, set(journal.old_images) - set(journal.images))
    forget_journal(state)


def _remove_images(engine: Engine, names: Iterable[str]) -> None:
    """Remove images that a restore has created, unless another container uses them."""
    for name in names:
        if name.startswith(f"{RESTORED_IMAGE}:"):
            engine.remove_image(name)


def _remove_volume(engine: Engine, name: str) -> None:
    """Remove a volume. A container that was copying it needs a moment to end."""
    for attempt in range(ATTEMPTS):
        try:
            engine.remove_volume(name)
            return
        except SnapshotError:
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(0.5)
