"""Watches that survive: resumed where they broke off, listed anew when the server forgot the
place.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    KubeError,
    UnreachableError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import (
    INITIAL_BACKOFF,
    MAX_BACKOFF,
)

# the server ends a quiet watch after this time; a connection that died unseen is noticed soon after
WATCH_SECONDS = 25
GRACE_SECONDS = 5


class Event(NamedTuple):
    """What a watch says: ``kind`` is LIST (value: all objects), ADDED, MODIFIED, DELETED or FAILED
    (error).
    """

    tag: Any
    kind: str
    value: Any


class Watch(threading.Thread):
    """Follows a collection and puts Events in a queue until it is closed.

    The first event is always LIST, and so is the first after the server answered 410 (too old).
    ``keep`` says what is kept of an object of that list.
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
        self._tag = tag
        self._keep = keep
        self._selectors = {name: value for name, value in selectors.items() if value}
        self._closed = threading.Event()
        self._stream = None
        self.reconnects = 0

    def run(self) -> None:
        """Body of the thread."""
        version, pause = "", INITIAL_BACKOFF
        while not self._closed.is_set():
            try:
                if not version:
                    items, version = self._client.list_all(
                        self._path, keep=self._keep, **self._selectors
                    )
                    self._events.put(Event(self._tag, "LIST", items))
                self._stream = self._client.stream(
                    self._path,
                    WATCH_SECONDS + GRACE_SECONDS,
                    watch=True,
                    resourceVersion=version,
                    allowWatchBookmarks=True,
                    timeoutSeconds=WATCH_SECONDS,
                    **self._selectors,
                )
                pause = INITIAL_BACKOFF
                for line in self._stream.lines():
                    version = self._take(json.loads(line), version)
                    if not version:
                        break
            except (UnreachableError, ValueError) as error:
                # a stream cut in the middle of a line is a broken connection too
                if isinstance(error, UnreachableError) and error.final:
                    self._fail(error)
                    return
                self._closed.wait(pause)
                pause = min(pause * 2, MAX_BACKOFF)
                self.reconnects += 1
            except ApiError as error:
                if error.status == 410:
                    version = ""
                elif not error.transient:
                    self._fail(error)
                    return
                self._closed.wait(error.retry_after or pause)
                pause = min(pause * 2, MAX_BACKOFF)
            except KubeError as error:
                self._fail(error)
                return

    def _take(self, event: dict, version: str) -> str:
        """Pass one event on; the version to resume from, empty when the place is lost."""
        kind, obj = event.get("type"), event.get("object") or {}
        if kind == "ERROR":
            if obj.get("code") == 410:
                return ""
            raise ApiError(obj.get("code") or 500, obj, "WATCH", self._path)
        if kind != "BOOKMARK":
            self._events.put(Event(self._tag, kind, obj))
        return (obj.get("metadata") or {}).get("resourceVersion") or version

    def _fail(self, error: KubeError) -> None:
        if not self._closed.is_set():
            self._events.put(Event(self._tag, "FAILED", error))

    def close(self) -> None:
        """End the watch; the thread leaves by itself."""
        self._closed.set()
        if self._stream:
            self._stream.close()


def wait_until(
    client: KubeClient,
    collection: str,
    name: str,
    done: Callable[[dict | None], bool],
    deadline: Deadline,
    otherwise: str,
) -> dict | None:
    """Watch one object until ``done(object or None)``; raises KubeError with ``otherwise`` at the
    deadline.
    """
    events: queue.Queue = queue.Queue()
    watch = Watch(client, collection, events, fieldSelector=f"metadata.name={name}")
    watch.start()
    try:
        while True:
            try:
                event = events.get(timeout=deadline.remaining())
            except queue.Empty:
                raise KubeError(f"{otherwise} (after {deadline.seconds:g} s)") from None
            if event.kind == "FAILED":
                raise event.value
            if event.kind == "LIST":
                current = event.value[0] if event.value else None
            else:
                current = None if event.kind == "DELETED" else event.value
            if done(current):
                return current
    finally:
        watch.close()
