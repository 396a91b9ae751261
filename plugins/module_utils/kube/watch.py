"""Watch collections, and resume after a broken connection or an expired resourceVersion."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    KubeError,
    UnreachableError,
    UnseenError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import name_selector
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import (
    INITIAL_BACKOFF,
    MAX_BACKOFF,
)

# the server ends a quiet watch after this time, so a dead connection is noticed soon after it
WATCH_SECONDS = 25
GRACE_SECONDS = 5
# until a watch that is open again has passed on what happened in the meantime
SETTLE_SECONDS = 0.5


class Event(NamedTuple):
    """One event of a watch.

    Args:
        tag: The tag of the watch.
        kind: LIST, ADDED, MODIFIED, DELETED or FAILED.
        value: All objects for LIST, the error for FAILED, else the object.
    """

    tag: Any
    kind: str
    value: Any


class Watch(threading.Thread):
    """Follows a collection and puts Events into a queue until it is closed.

    The first event is LIST, and so is the first event after the resourceVersion expired (410).

    Args:
        client: Sends the requests.
        path: Path of the collection.
        events: Receives the events.
        tag: Marks the events of this watch.
        keep: Reduces an object of a list to what the receiver needs.
        **selectors: labelSelector or fieldSelector. Empty ones are left out.
    """

    def __init__(
        self,
        client: KubeClient,
        path: str,
        events: queue.Queue,
        tag: Any = None,
        keep: Callable[[dict], dict] = lambda item: item,
        **selectors: str,
    ):
        super().__init__(daemon=True, name=f"watch {path}")
        self._client = client
        self._path = path
        self._events = events
        self.tag = tag
        self._keep = keep
        self._selectors = {name: value for name, value in selectors.items() if value}
        self._closed = threading.Event()
        self._stream = None
        self._version = ""
        self._backoff = INITIAL_BACKOFF
        self._error: Exception | None = None
        self._opened = 0.0
        self.reconnects = 0

    @property
    def trouble(self) -> Exception | None:
        """Return why the last event may be out of date, or None while the watch works."""
        is_settled = self._opened and time.monotonic() - self._opened > SETTLE_SECONDS
        return None if is_settled else self._error

    def run(self) -> None:
        """List and watch until the watch is closed or an error is final."""
        while not self._closed.is_set():
            try:
                self._list_and_follow()
            except (KubeError, ValueError) as error:
                # a stream that ends in the middle of a line gives a ValueError
                if _is_final(error):
                    self._fail(error)
                    return
                self._back_off(error)

    def _list_and_follow(self) -> None:
        if not self._version:
            items, self._version = self._client.list_all(
                self._path, keep=self._keep, **self._selectors
            )
            self._events.put(Event(self.tag, "LIST", items))
        self._stream = self._client.stream(
            self._path,
            WATCH_SECONDS + GRACE_SECONDS,
            watch=True,
            resourceVersion=self._version,
            allowWatchBookmarks=True,
            timeoutSeconds=WATCH_SECONDS,
            **self._selectors,
        )
        self._opened = time.monotonic()
        for line in self._stream.lines():
            self._take(json.loads(line))
            if not self._version:
                return
        if time.monotonic() - self._opened >= WATCH_SECONDS / 2:
            self._backoff = INITIAL_BACKOFF
        else:
            # a server that ends each watch soon must not be asked without a pause
            self._pause()

    def _take(self, event: dict) -> None:
        """Pass on one event, and remember the resourceVersion to resume from."""
        kind, obj = event.get("type"), event.get("object") or {}
        if kind == "ERROR":
            if obj.get("code") != 410:
                raise ApiError(obj.get("code") or 500, obj, "WATCH", self._path)
            self._version = ""
            return
        if kind != "BOOKMARK":
            self._events.put(Event(self.tag, kind, obj))
        self._version = (obj.get("metadata") or {}).get("resourceVersion") or self._version

    def _back_off(self, error: Exception) -> None:
        self._error, self._opened = error, 0.0
        pause = self._backoff
        if isinstance(error, ApiError):
            pause = error.retry_after or pause
            if error.status == 410:
                self._version = ""
        else:
            self.reconnects += 1
        self._pause(pause)

    def _pause(self, seconds: float = 0.0) -> None:
        self._closed.wait(seconds or self._backoff)
        self._backoff = min(self._backoff * 2, MAX_BACKOFF)

    def _fail(self, error: Exception) -> None:
        self._error = None
        if not self._closed.is_set():
            self._events.put(Event(self.tag, "FAILED", error))

    def close(self) -> None:
        """End the watch. Its thread ends soon after."""
        self._closed.set()
        if self._stream:
            self._stream.close()


def _is_final(error: Exception) -> bool:
    """Return whether watching again would fail in the same way."""
    if isinstance(error, UnreachableError):
        return error.final
    if isinstance(error, ApiError):
        return error.status != 410 and not error.transient
    return isinstance(error, KubeError)


def silence_of(client: KubeClient) -> KubeError | None:
    """Return why the API server does not answer, or None. A dead connection of a watch looks like a quiet one."""
    try:
        client.get_once("/version")
    except KubeError as error:
        return None if isinstance(error, ApiError) and not error.transient else error
    return None


def wait_until(
    client: KubeClient,
    collection: str,
    name: str,
    done: Callable[[dict | None], bool],
    deadline: Deadline,
    otherwise: str,
) -> dict | None:
    """Watch one object until a condition holds.

    Args:
        client: Sends the requests.
        collection: Path of the object's collection.
        name: Name of the object.
        done: Whether the condition holds for the object, which is None when it does not exist.
        deadline: When the wait ends.
        otherwise: Begins the error at the deadline.

    Returns:
        The object for which the condition holds.

    Raises:
        UnseenError: The object cannot be watched, or could not be seen at the deadline.
        KubeError: The condition did not hold in time.
    """
    events: queue.Queue = queue.Queue()
    watch = Watch(client, collection, events, fieldSelector=name_selector(name))
    watch.start()
    try:
        while True:
            try:
                event = events.get(timeout=deadline.remaining())
            except queue.Empty:
                text = f"{otherwise} (after {deadline.seconds:g} s)"
                outage = watch.trouble or silence_of(client)
                if outage:
                    raise UnseenError(f"{text}, and its state is not known: {outage}") from None
                raise KubeError(text) from None
            if event.kind == "FAILED":
                raise UnseenError(str(event.value), **event.value.result) from event.value
            if event.kind == "LIST":
                current = event.value[0] if event.value else None
            else:
                current = None if event.kind == "DELETED" else event.value
            if done(current):
                return current
    finally:
        watch.close()
