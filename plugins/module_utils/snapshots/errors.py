"""The errors of snapshots."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError


class SnapshotError(SlipwayError):
    """A snapshot cannot be saved, read or restored."""


class SnapshotNameError(SnapshotError):
    """A snapshot cannot have this name."""


class NoSnapshotError(SnapshotError):
    """There is no snapshot of this name."""


class DamagedError(SnapshotError):
    """A snapshot is not what was saved."""


class UnfitError(SnapshotError):
    """This machine, or this version of Slipway, cannot use a snapshot."""
