"""Send raw HTTP requests to an API server.

The request layer of the official client is not used: its signatures changed in version 36, and decoding into its typed
models costs ten times the request.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from ansible.module_utils.common.warnings import warn

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import connect, impersonation
from ansible_collections.slipway.lab.plugins.module_utils.kube.connection_errors import (
    CONNECT_TIMEOUT,
    unreachable,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    UnreachableError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import INITIAL_PATIENCE, Retry

try:
    import urllib3
except ImportError:
    # kube/auth.py reports the missing library with instructions
    urllib3 = None

JSON = "application/json"
PROTOCOLS = "v5.channel.k8s.io,v4.channel.k8s.io"
WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')
READ_TIMEOUT = 60.0

# Characters that YAML permits only as escapes, or reads as the end of a line.
NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class Request(NamedTuple):
    """One request.

    Args:
        method: The HTTP method.
        path: The path.
        query: The parameters.
        body: The body.
        content_type: The type of the body.
        timeout: How many seconds the server may be silent.
        writes: Whether the request can change something, so that a POST must not be repeated.
    """

    method: str
    path: str
    query: dict
    body: Any = None
    content_type: str = JSON
    timeout: float = READ_TIMEOUT
    writes: bool = True


class Response:
    """An answer that can be read. A connection that breaks is an UnreachableError here too."""

    def __init__(self, response, host: str):
        self.status: int = response.status
        self._response = response
        self._host = host

    def read(self) -> bytes:
        """Return the whole body."""
        try:
            return self._response.read()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(self._host, error) from error
        finally:
            self._response.release_conn()

    def lines(self) -> Iterator[bytes]:
        """Yield whole lines as they arrive, until the server closes the stream."""
        rest = b""
        try:
            for chunk in self._chunks():
                rest += chunk
                *whole, rest = rest.split(b"\n")
                yield from whole
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            # ValueError and AttributeError: close() ended the connection during a blocked read
            raise unreachable(self._host, error) from error
        if rest:
            yield rest

    def _chunks(self) -> Iterator[bytes]:
        """Return what has arrived, piece by piece, also behind a proxy that answers without chunks."""
        if self._response.chunked or not hasattr(self._response, "read1"):  # an older urllib3
            return self._response.stream(None, decode_content=True)
        return iter(lambda: self._response.read1(decode_content=True), b"")

    def close(self) -> None:
        """End the stream and wake a blocked reader.

        The method ``close`` of urllib3 would wait for the reader.
        """
        with contextlib.suppress(ValueError, OSError, RuntimeError):
            self._response.shutdown()


class Transport:
    """Connections to one API server, with authentication.

    ``requests`` and ``writes`` count what was sent.

    Args:
        params: Module parameters of ``AUTH_OPTIONS``.
        patience: How many seconds an outage may last before it is an error.
    """

    def __init__(self, params: dict, patience: float):
        self._params = params
        self.requests = 0
        self.writes = 0
        self._warnings: set[str] = set()
        self._connection = connect(params)
        self._extra_headers = impersonation(params, self._connection)
        self._patience = patience
        self._has_answered = False
        self._lock = threading.Lock()
        self.host = self._connection.host

    def send(self, request: Request) -> bytes:
        """Send a request, and send it again where that is safe; return the body of the answer.

        A connection that breaks in the middle of an answer counts as a lost answer.

        Raises:
            ApiError: The server refused the request.
            UnreachableError: The server did not answer.
        """
        patience = self._patience
        if not self._has_answered:
            patience = min(INITIAL_PATIENCE, patience)
        retry = Retry(request.method if request.writes else "GET", patience)
        may_have_arrived = False
        while True:
            try:
                return self.send_once(request).read()
            except (ApiError, UnreachableError) as error:
                if isinstance(error, ApiError):
                    error.after_lost_answer = may_have_arrived
                    if error.status == 429:
                        retry.extend(self._patience)
                    # a server that fails, or gives up, may have written before
                    arrived = error.status in (500, 502, 504)
                else:
                    arrived = error.sent
                may_have_arrived = may_have_arrived or arrived
                retry.wait_after(error)

    def send_once(self, request: Request) -> Response:
        """Send a request once.

        Raises:
            ApiError: The server refused the request.
            UnreachableError: The server did not answer.
        """
        url = self.host + request.path
        if request.query:
            url += "?" + urlencode({k: _query_value(v) for k, v in request.query.items()})
        self._count(request)
        headers = urllib3.HTTPHeaderDict(self._connection.headers)
        headers["Accept"] = JSON
        headers["Content-Type"] = request.content_type
        for name, value in self._extra_headers:
            headers.add(name, value)
        self._authenticate(headers)
        try:
            response = self._connection.pool.request(
                request.method,
                url,
                body=_encode(request.body),
                headers=headers,
                timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT, read=request.timeout),
                preload_content=False,
                # urllib3 1 accepts less than the whole body
                enforce_content_length=True,
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(self.host, error) from error
        self._has_answered = True
        self._show_warnings(response.headers)
        if response.status >= 300:
            raise _api_error(response, request)
        return Response(response, self.host)

    @cached_property
    def configuration(self) -> Any:
        """Return the settings of the official client, which opens websockets.

        A plugin of the kubeconfig that the connection has run is not run again.
        """
        if self._connection.configuration is not None:
            return self._connection.configuration
        # imported here: only one module needs it
        from ansible_collections.slipway.lab.plugins.module_utils.kube import official_client

        return official_client.api_client(self._params).configuration

    def websocket_headers(self) -> dict[str, str]:
        """Return the headers of a websocket, with lower-case names: who asks, and for whom."""
        headers: dict[str, str] = {}
        for name, value in self._connection.headers.items():
            if name.lower() == "authorization":
                headers["authorization"] = value
        self._authenticate(headers)
        headers = {name.lower(): value for name, value in headers.items()}
        # the official client sends no other header than these two, so further lines follow the second
        lines = [PROTOCOLS, *(f"{name}: {value}" for name, value in self._extra_headers)]
        headers["sec-websocket-protocol"] = "\r\n".join(lines)
        return headers

    def _authenticate(self, headers: Any) -> None:
        value = self._connection.authorization()
        if value:
            headers["authorization"] = value

    def _count(self, request: Request) -> None:
        with self._lock:
            self.requests += 1
            if request.writes and request.method != "GET" and "dryRun" not in request.query:
                self.writes += 1

    def _show_warnings(self, headers: urllib3.HTTPHeaderDict) -> None:
        """Make warnings of the API server warnings of the task, whatever its module and its outcome."""
        with self._lock:
            new = sorted(_warnings(headers) - self._warnings)
            self._warnings.update(new)
        for text in new:
            warn(text)

    def close(self) -> None:
        """Close idle connections."""
        self._connection.pool.clear()


def _encode(body: Any) -> Any:
    """Return a body as text that the API server can read as JSON and as YAML.

    It reads an apply as YAML, which has no surrogate pairs, so characters such as emoji are sent as they are.
    """
    if body is None or isinstance(body, (str, bytes)):
        return body
    text = json.dumps(body, ensure_ascii=False)
    return NOT_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _query_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _warnings(headers: urllib3.HTTPHeaderDict) -> set[str]:
    """Return the texts of warnings of the API server (RFC 7234): ``299 - "TEXT"``."""
    return {
        match[1].replace('\\"', '"')
        for value in headers.getlist("Warning")
        for match in WARNING.finditer(value)
    }


def _api_error(response, request: Request) -> ApiError:
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
    seconds = float(after) if after.isdigit() else 0.0
    return ApiError(response.status, body, request.method, request.path, seconds)
