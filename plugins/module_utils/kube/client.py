"""Send requests to an API server and decode its answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import MAX_OUTAGE_SECONDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.transport import (
    JSON,
    Request,
    Response,
    Transport,
)

# API priority and fairness of a small API server starts to queue beyond this number
MAX_IN_FLIGHT = 16
# for requests that are only useful: an API server waits 30 s for a node that is down
QUICK_READ_TIMEOUT = 5.0

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"


# Marks the threads of the pool: if all of them waited for further threads, none would be left.
THREAD = threading.local()


class KubeClient:
    """Requests to one API server.

    Each method raises ApiError when the server refuses the request and UnreachableError when it
    does not answer.

    Args:
        params: Module parameters of ``AUTH_OPTIONS``.
        patience: How many seconds an outage may last before it is an error.
    """

    def __init__(self, params: dict, patience: float = MAX_OUTAGE_SECONDS):
        self.transport = Transport(params, patience)
        self._pool: ThreadPoolExecutor | None = None

    @property
    def host(self) -> str:
        """Return the URL of the API server."""
        return self.transport.host

    @property
    def requests(self) -> int:
        """Return the number of requests that were sent."""
        return self.transport.requests

    @property
    def writes(self) -> int:
        """Return the number of requests that write."""
        return self.transport.writes

    def get(self, path: str, **query) -> dict:
        """Return an object or a list."""
        return self._json(Request("GET", path, query))

    def get_or_none(self, path: str, **query) -> dict | None:
        """Return the object, or None when it does not exist."""
        try:
            return self.get(path, **query)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def get_once(self, path: str, **query) -> dict:
        """Return an object without retries and with a short timeout."""
        return decode_or_message(self._quick(path, query))

    def text(self, path: str, **query) -> str:
        """Return plain text, such as logs."""
        data = self.transport.send(Request("GET", path, query))
        return data.decode("utf-8", "replace")

    def get_text_once(self, path: str, **query) -> str:
        """Return plain text without retries and with a short timeout."""
        return self._quick(path, query).decode("utf-8", "replace")

    def list_all(
        self,
        path: str,
        page: int = 500,
        keep: Callable[[dict], dict] = lambda item: item,
        **query,
    ) -> tuple[list[dict], str]:
        """Return all items of a collection and the resourceVersion to watch from.

        Args:
            path: Path of the collection.
            page: How many items one request asks for.
            keep: Reduces an item to what the caller needs, which saves memory.
            **query: Further parameters, for example labelSelector.
        """
        return _read_pages(self.get, path, {**query, "limit": page}, keep)

    def post(self, path: str, body: dict, **query) -> dict:
        """Create an object. A request that may have arrived is not sent again, unless it stores nothing."""
        return self._json(Request("POST", path, query, body, writes="dryRun" not in query))

    def ask(self, path: str, body: dict) -> dict:
        """Send a POST that only asks a question, such as a review of access, as often as needed."""
        return self._json(Request("POST", path, {}, body, writes=False))

    def post_once(self, path: str, body: dict, **query) -> dict:
        """Send a POST without retries: for an eviction, the status 429 has another meaning."""
        return decode_or_message(
            self.transport.send_once(Request("POST", path, query, body)).read()
        )

    def patch(self, path: str, body: Any, content_type: str, **query) -> dict:
        """Change an object by one of the patch types of this file."""
        return self._json(Request("PATCH", path, query, body, content_type))

    def delete(self, path: str, body: dict | None = None, **query) -> dict | None:
        """Delete an object. Return None when it does not exist.

        An object that has gone after an attempt whose answer was lost was deleted by that attempt.
        """
        try:
            return self._json(Request("DELETE", path, query, body))
        except ApiError as error:
            if error.status == 404:
                return {} if error.after_lost_answer else None
            raise

    def stream(self, path: str, timeout: float, **query) -> Response:
        """Open a GET whose answer is read line by line, without retries."""
        return self.transport.send_once(Request("GET", path, query, None, JSON, timeout))

    def raw(self, method: str, path: str, timeout: float) -> Response:
        """Send a request to a proxied service, without retries."""
        return self.transport.send_once(Request(method, path, {}, None, JSON, timeout))

    def parallel(self, work: Callable, items: Iterable) -> list:
        """Run ``work`` on each item, at most MAX_IN_FLIGHT at a time, and one at a time inside of such work.

        Returns:
            The results in the order of the items. A KubeError that ``work`` raised is a result.
        """

        def guarded(item):
            try:
                return work(item)
            except KubeError as error:
                return error

        items = list(items)
        if len(items) < 2 or getattr(THREAD, "is_in_pool", False):
            return [guarded(item) for item in items]
        if self._pool is None:
            self._pool = ThreadPoolExecutor(MAX_IN_FLIGHT, "kube", _enter_pool)
        return list(self._pool.map(guarded, items))

    def close(self) -> None:
        """Close idle connections and threads."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self.transport.close()

    def _quick(self, path: str, query: dict) -> bytes:
        request = Request("GET", path, query, timeout=QUICK_READ_TIMEOUT)
        return self.transport.send_once(request).read()

    def _json(self, request: Request) -> dict:
        data = self.transport.send(request)
        found = f"{self.host} is not a Kubernetes API: {request.method} {request.path}"
        try:
            answer = json.loads(data)
        except ValueError as error:
            raise KubeError(f"{found} returned {data[:80]!r}") from error
        if not isinstance(answer, dict):
            raise KubeError(f"{found} did not return an object")
        return answer


def _enter_pool() -> None:
    THREAD.is_in_pool = True


def decode_or_message(data: bytes | None) -> dict:
    """Return decoded JSON, or an object whose message is the text that is not JSON."""
    try:
        return json.loads(data or b"{}")
    except ValueError:
        return {"message": (data or b"").decode("utf-8", "replace")[:300]}


def gather(client: KubeClient, work: Callable, items: Iterable) -> list:
    """Run ``work`` on each item as ``KubeClient.parallel`` does, and return the results.

    Raises:
        KubeError: The first error in the order of the items.
    """
    results = client.parallel(work, items)
    for result in results:
        if isinstance(result, KubeError):
            raise result
    return results


def _read_pages(
    get: Callable[..., dict], path: str, query: dict, keep: Callable[[dict], dict]
) -> tuple[list[dict], str]:
    """Return all items of a collection, reduced by ``keep``, and its resourceVersion."""
    items: list[dict] = []
    while True:
        try:
            answer = get(path, **query)
        except ApiError as error:
            if error.status != 410 or not query.pop("continue", ""):
                raise
            # the list changed too often while it was read, and one answer cannot expire
            query, items = {**query, "limit": 0}, []
            continue
        items += map(keep, answer.get("items") or [])
        metadata = answer.get("metadata") or {}
        if not metadata.get("continue"):
            return items, metadata.get("resourceVersion", "")
        query["continue"] = metadata["continue"]
