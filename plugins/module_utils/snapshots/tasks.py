"""The work of the modules about snapshots."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import Packer
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.plan import RestorePlan
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.requests import Target
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.restoring import Restoring
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.saving import Place, Saving
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.store import Store
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.switching import (
    is_unfinished,
    recover,
    switch,
)

Params = dict[str, Any]
Report = Callable[[str, int, int], None]


def store_of(params: Params) -> Store:
    """Return the snapshots of the account."""
    return Store(Path(params["directory"]))


def save(params: Params, check: bool, socket: str, packer: Packer, report: Report) -> Params:
    """Save a lab; return the result of the module.

    Args:
        params: Options of the module.
        check: Only measure the lab.
        socket: Path of the engine's socket.
        packer: Runs the programs.
        report: Gets the progress.
    """
    store, name = store_of(params), params["name"]
    place = Place(params["lab"], Path(params["state_dir"]), Path(params["cache_dir"]))
    saving = Saving(Engine(socket), store, packer, place)
    if check:
        return {"changed": True, **saving.plan(name)}
    saving.save(name, report)
    return {"changed": True, "snapshot": store.describe(name)}


def delete(params: Params, check: bool) -> Params:
    """Delete a snapshot, if it exists; return the result of the module."""
    store, name = store_of(params), params["name"]
    exists = name in store.names()
    if exists and not check:
        store.delete(name)
    return {"changed": exists}


def describe(params: Params) -> Params:
    """Read snapshots; return the result of the module."""
    store = store_of(params)
    names = params["names"] or store.names()
    found = [store.describe(name, params["verify"]) for name in names]
    return {"changed": False, "snapshots": found}


def fill(params: Params, check: bool, socket: str, packer: Packer, report: Report) -> Params:
    """Copy a snapshot beside the lab that it replaces; return the result of the module.

    Args:
        params: Options of the module.
        check: Only verify it.
        socket: Path of the engine's socket.
        packer: Runs the programs.
        report: Gets the progress.
    """
    store, name = store_of(params), params["name"]
    engine, state = Engine(socket), Path(params["state_dir"])
    manifest = store.read(name)
    target = Target(
        params["lab"] or manifest.lab, state, Path(params["cache_dir"]), params["labels"],
        f"{os.getuid()}:{os.getgid()}",
    )  # fmt: skip
    if not check:
        recover(engine, state)
    plan = RestorePlan(engine, name, manifest, target)
    replaces = plan.check(params["force"])
    if check:
        store.verify(name)
    else:
        Restoring(plan, packer, store.folder(name)).fill(report)
    return {"changed": True, "replaces": replaces}


def take(params: Params, check: bool, socket: str) -> Params:
    """Switch to the restored state; return the result of the module. Check mode has copied none."""
    if check:
        return {"changed": True}
    switch(Engine(socket), params["lab"], Path(params["state_dir"]))
    return {"changed": True}


def settle(params: Params, check: bool, socket: str) -> Params:
    """End an interrupted restore; return the result of the module."""
    state = Path(params["state_dir"])
    if check:
        return {"changed": is_unfinished(state), "kept": ""}
    kept = recover(Engine(socket), state)
    return {"changed": bool(kept), "kept": kept}
