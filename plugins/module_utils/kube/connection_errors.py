"""Explain why a connection to an API server failed."""

from __future__ import annotations

import sys
from typing import NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import UnreachableError

CONNECT_TIMEOUT = 5


class ConnectionProblem(NamedTuple):
    """A known way in which a connection fails.

    Args:
        mark: Lower-case text that the error contains.
        cause: The cause for the user. ``{detail}`` becomes the innermost reason.
        final: Whether the next attempt will fail in the same way.
        sent: Whether the server may have received the request.
    """

    mark: str
    cause: str
    final: bool
    sent: bool = False


WRONG_NAME = "its certificate is for another name ({detail})"
NO_TLS = "it does not speak TLS on that port (http instead of https?)"

PROBLEMS = (
    ConnectionProblem("tunnel connection failed", "the proxy refused to connect ({detail})", True),
    ConnectionProblem(
        "connect to proxy",
        "the proxy (option proxy, proxy-url or HTTPS_PROXY) does not answer ({detail})",
        False,
    ),
    ConnectionProblem("certificate has expired", "its certificate has expired", True),
    ConnectionProblem("mismatch", WRONG_NAME, True),
    ConnectionProblem(
        "certificate verify failed",
        "its certificate is not trusted ({detail}); see ca_cert",
        True,
    ),
    ConnectionProblem("doesn't match", WRONG_NAME, True),
    ConnectionProblem("wrong_version_number", NO_TLS, True),
    ConnectionProblem("wrong version number", NO_TLS, True),
    ConnectionProblem("eof occurred", "it closed the connection while TLS was set up", False),
    ConnectionProblem("no such file", "a file of the credentials is missing ({detail})", True),
    ConnectionProblem("failed to resolve", "its name does not resolve", True),
    ConnectionProblem("connection refused", "connection refused, nothing listens there", False),
    ConnectionProblem("network is unreachable", "no route to it", False),
    ConnectionProblem("no route to host", "no route to it", False),
    ConnectionProblem("connect timeout", f"no connection within {CONNECT_TIMEOUT} s", False),
    ConnectionProblem(
        "read timed out", "it accepted the connection and then did not answer", False, sent=True
    ),
)


def unreachable(host: str, error: Exception) -> UnreachableError:
    """Return the error that names the cause of a failed connection.

    Args:
        host: URL of the API server.
        error: What the HTTP library raised.
    """
    text = " ".join(str(error).split())
    lower, detail = text.lower(), _innermost_reason(text)
    for problem in PROBLEMS:
        if problem.mark in lower:
            cause, final, sent = problem.cause.format(detail=detail), problem.final, problem.sent
            break
    else:
        cause, sent = detail, True
        final = _is_of_official_client(error) or "ssl" in lower
    return UnreachableError(f"API server {host} is not reachable: {cause}", final=final, sent=sent)


def _is_of_official_client(error: Exception) -> bool:
    loaded = sys.modules.get("kubernetes.client.exceptions")
    return bool(loaded) and isinstance(error, loaded.ApiException)


def _innermost_reason(text: str) -> str:
    """Return the end of urllib3's nested texts."""
    return text.rsplit("Caused by", 1)[-1].strip(" ()'\"")[-300:]
