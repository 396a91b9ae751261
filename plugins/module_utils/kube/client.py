"""Raw JSON requests to an API server: one ApiClient, a thread pool, retries that repeat nothing
twice.

The only file that touches the official client's request layer, whose shape changed in version 36
(``call_api`` lost its typed form). Typed models are left out: decoding them costs ten times the
request.
"""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import api_client, impersonation
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    KubeError,
    UnreachableError,
)

try:
    import urllib3
    from kubernetes.client.exceptions import ApiException
except ImportError:
    # reported with instructions by kube_config.api_client
    urllib3 = ApiException = None

# API priority and fairness of a small API server starts to queue beyond this
MAX_IN_FLIGHT = 16
CONNECT_TIMEOUT = 5
READ_TIMEOUT = 60
# for what is only nice to have: the API server itself waits half a minute for a node that is dead
QUICK_READ_TIMEOUT = 5
# patience with a server that has answered before, and with one that never did
MAX_OUTAGE_SECONDS = 60
INITIAL_PATIENCE = 2
# tries of a write that others get ahead of
ATTEMPTS = 5
INITIAL_BACKOFF, MAX_BACKOFF = 0.1, 5.0

JSON = "application/json"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"


def retry_on_conflict(send: Callable[[], Any], look_again: Callable[[], None]) -> Any:
    """Send a write that is refused when somebody else wrote since it was decided; then look again, and
    send what follows from that. Returns what ``send`` does; raises its ApiError after ATTEMPTS.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return send()
        except ApiError as error:
            if error.status != 409:
                raise
        look_again()
    return send()


class KubeClient:
    """Requests to one API server.

    ``params`` are module parameters of ``kube_config.AUTH_OPTIONS``. ``patience`` is how many
    seconds an
    outage may last before it is an error.
    """

    def __init__(self, params: dict, patience: float = MAX_OUTAGE_SECONDS):
        self._api = api_client(params)
        self._extra = impersonation(params)
        self._patience = patience
        self._answered = False
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self.host = self._api.configuration.host
        self.requests = 0
        self.writes = 0

    # -- requests
    # ------------------------------------------------------------------------------------

    def get(self, path: str, **query) -> dict:
        """GET an object or a list. Raises ApiError, UnreachableError."""
        return self.request("GET", path, query)

    def get_or_none(self, path: str, **query) -> dict | None:
        """Like ``get``, with None for "not found"."""
        try:
            return self.get(path, **query)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def post(self, path: str, body: dict, **query) -> dict:
        """POST, which is sent again only when it surely did not arrive."""
        return self.request("POST", path, query, body)

    def post_once(self, path: str, body: dict, **query) -> dict:
        """POST, never sent again: the caller decides what 429 means (an eviction)."""
        return _decoded(self._once("POST", path, query, body, JSON, READ_TIMEOUT).read())

    def patch(self, path: str, body: Any, content_type: str, **query) -> dict:
        """PATCH by one of the patch types of this file."""
        return self.request("PATCH", path, query, body, content_type)

    def delete(self, path: str, body: dict | None = None, **query) -> dict | None:
        """DELETE; None when it is gone already."""
        try:
            return self.request("DELETE", path, query, body)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def request(
        self,
        method: str,
        path: str,
        query: dict | None = None,
        body: Any = None,
        content_type: str = JSON,
        timeout: float = READ_TIMEOUT,
    ) -> dict:
        """Send, retry what may be retried, and decode JSON."""
        data = self._retrying(method, path, query, body, content_type, timeout).read()
        try:
            answer = json.loads(data)
        except ValueError as error:
            raise KubeError(
                f"{self.host} does not speak the Kubernetes API: {method} {path} answered "
                f"{data[:80]!r}"
            ) from error
        if not isinstance(answer, dict):
            raise KubeError(
                f"{self.host} does not speak the Kubernetes API: {method} {path} is no object"
            )
        return answer

    def text(self, path: str, **query) -> str:
        """GET plain text, as logs are."""
        data = self._retrying("GET", path, query, None, JSON, READ_TIMEOUT).read()
        return data.decode("utf-8", "replace")

    def get_text_once(self, path: str, **query) -> str:
        """GET plain text once and soon: what is only nice to have is not waited for."""
        return self._glance(path, query).decode("utf-8", "replace")

    def get_once(self, path: str, **query) -> dict:
        """GET an object once and soon, as ``get_text_once`` does."""
        return _decoded(self._glance(path, query))

    def _glance(self, path: str, query: dict) -> bytes:
        return self._once("GET", path, query, None, JSON, QUICK_READ_TIMEOUT).read()

    def stream(self, path: str, read_seconds: float, **query):
        """Open a GET whose answer is read piece by piece (watch, followed logs). Not retried."""
        return self._once("GET", path, query, None, JSON, read_seconds)

    def raw(self, method: str, path: str, seconds: float):
        """One request whose answer is no Kubernetes object (a proxied service). Not retried."""
        return self._once(method, path, {}, None, JSON, seconds)

    def websocket(self, path: str, query: list[tuple[str, str]]):
        """Open a channel to a container (exec); a WSClient that deals in bytes. Not retried."""
        # imported here: it costs 50 ms that only one module needs
        from kubernetes.stream.ws_client import WSClient, get_websocket_url
        from websocket import WebSocketBadStatusException, WebSocketException

        class Channel(WSClient):
            """A channel whose end, however it comes, is an end and not an exception."""

            def update(self, timeout=0):
                """Take what arrived."""
                try:
                    super().update(timeout=timeout)
                except (WebSocketException, OSError):
                    self._connected = False

        headers: dict[str, str] = {}
        self._api.update_params_for_auth(headers, [], ["BearerToken"], path, "GET", None)
        headers = {name.lower(): value for name, value in headers.items()}
        url = get_websocket_url(self.host + path, query)
        try:
            return Channel(self._api.configuration, url, headers, capture_all=False, binary=True)
        except WebSocketBadStatusException as error:
            raise ApiError(error.status_code, _decoded(error.resp_body), "EXEC", path) from error
        except (WebSocketException, OSError) as error:
            raise _unreachable(self.host, error) from error

    def list_all(
        self,
        path: str,
        page: int = 500,
        keep: Callable[[dict], dict] = lambda item: item,
        **query,
    ) -> tuple[list[dict], str]:
        """All items of a collection, page by page, and the resourceVersion to watch from. ``keep``
        says what is kept of an item.
        """
        items: list[dict] = []
        query = {**query, "limit": page}
        while True:
            answer = self.get(path, **query)
            items += map(keep, answer.get("items") or [])
            metadata = answer.get("metadata") or {}
            if not metadata.get("continue"):
                return items, metadata.get("resourceVersion", "")
            query["continue"] = metadata["continue"]

    # -- many at once
    # --------------------------------------------------------------------------------

    def parallel(self, work: Callable, items: Iterable) -> list:
        """Run ``work`` on each item, at most MAX_IN_FLIGHT at a time; results in order, KubeErrors as
        values.
        """

        def guarded(item):
            try:
                return work(item)
            except KubeError as error:
                return error

        items = list(items)
        if len(items) < 2:
            return [guarded(item) for item in items]
        if self._pool is None:
            self._pool = ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="kube")
        return list(self._pool.map(guarded, items))

    # -- one request
    # ---------------------------------------------------------------------------------

    def _retrying(self, method, path, query, body, content_type, timeout):
        started, pause = time.monotonic(), INITIAL_BACKOFF
        patience = self._patience if self._answered else min(INITIAL_PATIENCE, self._patience)
        while True:
            try:
                return self._once(method, path, query, body, content_type, timeout)
            except ApiError as error:
                if not error.transient or (method == "POST" and error.status != 429):
                    raise
                problem, wait = error, error.retry_after or pause
                if error.status == 500:
                    # an internal error may be a broken webhook, which no amount of asking mends
                    patience = min(patience, 3.0)
            except UnreachableError as error:
                if error.final or (method == "POST" and error.sent):
                    raise
                problem, wait = error, pause
            wait *= random.uniform(0.8, 1.2)
            if time.monotonic() + wait - started > patience:
                raise problem
            time.sleep(wait)
            pause = min(pause * 2, MAX_BACKOFF)

    def _once(self, method, path, query, body, content_type, timeout):
        url = self.host + path
        if query:
            url += "?" + urlencode({key: _value(value) for key, value in query.items()})
        with self._lock:
            self.requests += 1
            if method != "GET" and "dryRun=All" not in url:
                self.writes += 1
        headers = urllib3.HTTPHeaderDict(self._api.default_headers)
        headers["Accept"] = JSON
        headers["Content-Type"] = content_type
        for name, value in self._extra:
            headers.add(name, value)
        self._api.update_params_for_auth(headers, [], ["BearerToken"], path, method, body)
        try:
            response = self._api.call_api(
                method, url, headers, body, _request_timeout=(CONNECT_TIMEOUT, timeout)
            ).response
        except (urllib3.exceptions.HTTPError, ApiException, OSError) as error:
            raise _unreachable(self.host, error) from error
        self._answered = True
        if response.status >= 300:
            raise _api_error(response, method, path)
        return _Body(response, self.host)

    def close(self) -> None:
        """Drop idle connections and threads."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._api.close()


class _Body:
    """An answer whose broken-off reading is an UnreachableError, as a broken connection is."""

    def __init__(self, response, host: str):
        self.response = response
        self._host = host

    def read(self) -> bytes:
        try:
            return self.response.read()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _unreachable(self._host, error) from error
        finally:
            self.response.release_conn()

    def lines(self):
        """Whole lines as they arrive; ends quietly when the server closes the stream."""
        rest = b""
        try:
            for chunk in self.response.stream(None, decode_content=True):
                rest += chunk
                *whole, rest = rest.split(b"\n")
                yield from whole
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            # ValueError and AttributeError: the connection was closed under a blocked read, by
            # close()
            raise _unreachable(self._host, error) from error
        if rest:
            yield rest

    def close(self) -> None:
        """End the stream. ``close`` of a response waits for a blocked reader, ``shutdown`` wakes
        it.
        """
        with contextlib.suppress(ValueError, OSError, RuntimeError):
            self.response.shutdown()


def _decoded(data: bytes | None) -> dict:
    try:
        return json.loads(data or b"{}")
    except ValueError:
        return {"message": (data or b"").decode("utf-8", "replace")[:300]}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _api_error(response, method: str, path: str) -> ApiError:
    try:
        data = response.read()
    except (urllib3.exceptions.HTTPError, OSError):
        data = b""
    finally:
        response.release_conn()
    try:
        body = json.loads(data)
    except ValueError:
        body = {}
    after = response.headers.get("Retry-After", "")
    return ApiError(response.status, body, method, path, float(after) if after.isdigit() else 0.0)


def _unreachable(host: str, error: Exception) -> UnreachableError:
    """Name the cause of a failed connection in the words of the person who has to mend it."""
    text = " ".join(str(error).split())
    lower = text.lower()
    for mark, cause, final, sent in (
        ("certificate has expired", "its certificate has expired", True, False),
        ("mismatch", f"its certificate is for another name ({_tail(text)})", True, False),
        (
            "certificate verify failed",
            f"its certificate is not trusted ({_tail(text)}); see ca_cert",
            True,
            False,
        ),
        ("doesn't match", f"its certificate is for another name ({_tail(text)})", True, False),
        (
            "wrong_version_number",
            "it does not speak TLS on that port (http instead of https?)",
            True,
            False,
        ),
        (
            "wrong version number",
            "it does not speak TLS on that port (http instead of https?)",
            True,
            False,
        ),
        ("eof occurred", "it closed the connection while TLS was set up", False, False),
        ("no such file", f"a file of the credentials is missing ({_tail(text)})", True, False),
        ("failed to resolve", "its name does not resolve", True, False),
        ("connection refused", "connection refused, nothing listens there", False, False),
        ("network is unreachable", "no route to it", False, False),
        ("no route to host", "no route to it", False, False),
        ("connect timeout", f"no connection within {CONNECT_TIMEOUT} s", False, False),
        ("read timed out", "it accepted the connection and then did not answer", False, True),
    ):
        if mark in lower:
            return UnreachableError(
                f"API server {host} is not reachable: {cause}", final=final, sent=sent
            )
    tls = isinstance(error, ApiException) or "ssl" in lower
    return UnreachableError(
        f"API server {host} is not reachable: {_tail(text)}", final=tls, sent=True
    )


def _tail(text: str) -> str:
    """The innermost reason of urllib3's nested texts."""
    return text.rsplit("Caused by", 1)[-1].strip(" ()'\"")[-300:]
