"""Decide when the trouble of an object has lasted long enough to be a failure."""

from __future__ import annotations

import time
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    AT_ONCE,
    FailureReason,
)

PULL_REASONS = ("ErrImagePull", "ImagePullBackOff")


class FailureClock:
    """The current reason of each object that is in trouble, and since when it has lasted.

    Args:
        now: Returns the time in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self._now = now
        self._reasons: dict[str, FailureReason] = {}
        self._since: dict[tuple[str, str], float] = {}

    def __bool__(self) -> bool:
        return bool(self._reasons)

    def uids(self) -> list[str]:
        """Return the uids of all objects in trouble."""
        return list(self._reasons)

    def reason(self, uid: str) -> FailureReason | None:
        """Return the current reason of an object, or None when it is not in trouble."""
        return self._reasons.get(uid)

    def note(self, uid: str, reason: FailureReason) -> None:
        """Make this the current reason of an object. A clock that runs for it continues."""
        known = self._reasons.get(uid)
        if known is None or known.reason != reason.reason:
            self._since.setdefault((uid, _family(reason)), self._now())
        self._reasons[uid] = reason

    def note_weakly(self, uid: str, reason: FailureReason) -> None:
        """Note a reason, unless a reason that can expire is already known."""
        known = self._reasons.get(uid)
        if known is None or known.patience is None:
            self.note(uid, reason)

    def suspend(self, uid: str) -> None:
        """Drop the current reason of an object. Its clock continues in case the reason returns."""
        self._reasons.pop(uid, None)

    def forget(self, uid: str) -> None:
        """Drop the reasons of an object together with their clocks."""
        self._reasons.pop(uid, None)
        for key in [key for key in self._since if key[0] == uid]:
            del self._since[key]

    def expired(self, uid: str, reason: FailureReason) -> bool:
        """Return whether a reason has lasted longer than its patience."""
        if reason.patience is None:
            return False
        if reason.patience == AT_ONCE:
            return True
        now = self._now()
        return now - self._since.get((uid, _family(reason)), now) >= reason.patience


def _family(reason: FailureReason) -> str:
    # ErrImagePull and ImagePullBackOff alternate: one clock measures both
    return "pull" if reason.reason in PULL_REASONS else reason.reason
