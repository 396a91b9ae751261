"""Decide whether and when a request is sent again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    UnreachableError,
)

INITIAL_BACKOFF, MAX_BACKOFF = 0.1, 5.0
# a server that has answered before gets more time than one that never has
MAX_OUTAGE_SECONDS = 60.0
INITIAL_PATIENCE = 2.0
# an internal error may be a broken webhook, which no number of attempts repairs
MAX_INTERNAL_ERROR_SECONDS = 3.0
MAX_CONFLICT_ATTEMPTS = 5


class Retry:
    """The attempts of one request.

    Args:
        method: The HTTP method. A POST that may have arrived is not sent again.
        patience: For how many seconds errors are retried.
    """

    def __init__(self, method: str, patience: float):
        self._method = method
        self._patience = patience
        self._started = time.monotonic()
        self._backoff = INITIAL_BACKOFF

    def extend(self, patience: float) -> None:
        """Retry for longer than was known at the start: a server that asks to wait does answer."""
        self._patience = max(self._patience, patience)

    def wait_after(self, error: ApiError | UnreachableError) -> None:
        """Sleep before the next attempt.

        Raises:
            ApiError, UnreachableError: The error itself, when the request must not be repeated or
                the patience is exhausted.
        """
        if not self._may_repeat(error):
            raise error
        pause = self._backoff
        if isinstance(error, ApiError):
            pause = error.retry_after or pause
            if error.status == 500:
                self._patience = min(self._patience, MAX_INTERNAL_ERROR_SECONDS)
        # never sooner than the server asked for
        pause *= random.uniform(1.0, 1.2)
        if time.monotonic() + pause - self._started > self._patience:
            raise error
        time.sleep(pause)
        self._backoff = min(self._backoff * 2, MAX_BACKOFF)

    def _may_repeat(self, error: ApiError | UnreachableError) -> bool:
        if isinstance(error, ApiError):
            return error.transient and (self._method != "POST" or error.status == 429)
        return not error.final and not (self._method == "POST" and error.sent)


def retry_on_conflict(send: Callable[[], Any], read_again: Callable[[], None]) -> Any:
    """Send a write, and decide it again when the object was modified concurrently.

    Args:
        send: Sends the write that follows from the last read.
        read_again: Reads the object again after a conflict.

    Returns:
        What ``send`` returns.

    Raises:
        ApiError: Another refusal, or the last conflict of MAX_CONFLICT_ATTEMPTS.
    """
    for _ in range(MAX_CONFLICT_ATTEMPTS - 1):
        try:
            return send()
        except ApiError as error:
            if error.status != 409:
                raise
        read_again()
    return send()
