"""A moment in time that all waits of a task share."""

from __future__ import annotations

import time


class Deadline:
    """A moment that lies a number of seconds after its creation.

    Args:
        seconds: Time until the deadline.
    """

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.start = time.monotonic()

    def remaining(self) -> float:
        """Return the seconds left, never a negative number."""
        return max(0.0, self.start + self.seconds - time.monotonic())

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.start

    @property
    def passed(self) -> bool:
        """Return whether no time is left."""
        return self.remaining() <= 0
